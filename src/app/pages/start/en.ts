import type { StartMessages } from './zh.ts';

export default {
  heading: 'Can this document be trusted?',
  drop: 'Drop a file to check it',
  dropHint:
    'Licence, application, seal, OFD, package or certificate. The file stays on this device; it works in flight mode.',
  scan: 'Scan',
  scanText: 'Read the code of a licence with the camera',
  workspace: 'Enter workspace',
  workspaceText: (name) => (name ? `${name} is signed in` : 'Choose a person, unlock the key'),
  first: 'First time here',
  tryTitle: 'Try it',
  tryText:
    'Makes a whole demonstration on this device: enterprise, reviews, issue and inspection, step by step.',
  joinTitle: 'Connect to a licensing system',
  joinText:
    'Connect with the trust data file of your authority; compare the fingerprint and start.',
  foundTitle: 'Set up a licensing system',
  foundText: 'Make the root and the authorities for a bureau of your own, for real use.',
  verifyOnlyTitle: 'Verify only',
  verifyOnlyText:
    'Needs no connection. Without trust data it tells whether a file was changed, not who sealed it.',
  recent: 'Checked on this device',
  clear: 'Clear the list',
} satisfies StartMessages;
