import type { VerifyMessages } from './zh.ts';

export default {
  heading: 'Verify files',
  drop: 'Drop a file to check it',
  hint: 'Several files or a folder at once; pasting works, too. Files stay on this device; it works in flight mode.',
  checking: (name, size) => `Checking ${name} (${size})`,
  progress: (done, total) => `${done} of ${total} checked`,
  files: (n) => `${n} files`,
  finished: 'Checked; the results follow.',
  stop: 'Stop',
  clear: 'Clear',
  folder: 'Choose a folder',
  samples: 'Try with a sample',
  trustedBy: (name, date) => `By: ${name}, trust data of ${date}`,
  trustedByNobody: 'By: no licensing system connected, no authority trusted',
  summary: (bad, total) =>
    bad === 0 ? `${total} files` : `${total} files, ${bad} not to be relied on`,
} satisfies VerifyMessages;
