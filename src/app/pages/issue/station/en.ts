import type { StationMessages } from './zh.ts';

export default {
  heading: 'Automatic issuing',
  states: {
    attended:
      'Licences are issued while an issuer is signed in; without an act the key locks, and nothing is issued then.',
    running: (until) => `Runs until ${until}, then stops and locks. Until then it does not lock.`,
    locked: 'This device waits for the issuer to unlock the key, and goes on issuing then.',
    stopped: 'Stopped. This device issues nothing by itself; by hand it does.',
  },
  hours: 'For',
  hoursOf: (n) => `${n} hours`,
  start: 'Issue all day',
  again: 'Start the time anew',
  stop: 'Stop automatic issuing',
  started: 'Started. Keep this page open.',
  stopped: 'Automatic issuing is stopped.',
  keepOpen:
    'Keep this page open and the device on mains. Anybody can walk up to it: put it where somebody watches.',
  awake: 'The screen stays on, and the device does not sleep.',
  asleep:
    'The browser does not keep the screen on. Switch sleep off in the settings of the device: nothing is issued while it sleeps.',
  lastRun: (at) => `Last run ${at}`,
  stuck:
    'Automatic issuing has not answered for ten minutes. Reload this page and unlock the key; what was not issued is issued then.',
  reload: 'Reload',
  log: 'Log',
  logEmpty: 'Nothing yet.',
  kinds: {
    started: 'Started to issue all day',
    stopped: 'Stopped automatic issuing',
    ended: 'Its time was over: stopped, and the key locked',
    restarted: 'Waited too long: broken off and run again',
    issued: (number) => `Issued ${number}`,
    held: 'Not issued',
  },
  all: (n) => `Show all ${n}`,
  toCase: 'Open the case',
} satisfies StationMessages;
