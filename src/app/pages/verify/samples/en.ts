import type { SampleMessages } from './zh.ts';

const en: SampleMessages = {
  heading: 'Samples',
  intro:
    'Four real files, verified by the same program. Their certificates are marked as a pilot’s and are worth nothing.',
  names: {
    licence: 'A sealed licence',
    'licence-changed': 'Amount changed after sealing',
    'licence-foreign-seal': 'Somebody else’s seal',
    'delivery-note': 'An OFD sealed with SM2',
  },
  unreachable: 'The sample could not be fetched: that needs a network.',
  sample: 'This is a sample, not a real licence.',
  what: {
    licence: 'The authority sealed it, and nobody has touched it since.',
    'licence-changed':
      'After it was sealed, somebody with an ordinary PDF editor painted over the total of 7,142,500.00 and wrote 9,142,500.00.',
    'licence-foreign-seal':
      'Another company signed it with a certificate of its own and put the authority’s seal on it, copied from a genuine licence. The picture is the same to the last line.',
    'delivery-note':
      'A delivery note that a company sealed with an SM2 key, as Chinese accounting software does.',
  },
  without: {
    known:
      'Whether a file was changed can be computed without trusting anybody. Who sealed it cannot: anybody can make a seal with another’s name. As long as this device is not connected to the samples’ licensing system, it says that it does not know.',
    bad: 'That this file is not to be relied on can be computed without trusting anybody.',
  },
  withTrust:
    'Judged by the samples’ own trust data, as on a device that is connected to their licensing system. It counts for this sample only and is not kept.',
  judge: 'Use the samples’ trust data',
  back: 'Do without the samples’ trust data',
};

export default en;
