const zh = {
  heading: '自动签发',
  states: {
    attended: '出证人登录期间自动签发；无操作会自动锁定，锁定后不签发。',
    running: (until: string) => `整日运行中，到 ${until} 停止并锁定。此前无操作也不锁定。`,
    locked: '本机在等出证人解锁；解锁后继续自动签发。',
    stopped: '已停止。本机不再自动签发，仍可逐份手工签发。',
  },
  hours: '运行时长',
  hoursOf: (n: number) => `${n} 小时`,
  start: '开始整日签发',
  again: '重新计时',
  stop: '停止自动签发',
  started: '已开始。请让本页开着。',
  stopped: '已停止自动签发。',
  keepOpen: '请让本页开着，设备接上电源。谁都能走到这台设备前，请放在有人看管的地方。',
  awake: '屏幕保持常亮，设备不会休眠。',
  asleep: '浏览器没有允许屏幕常亮。请在系统设置里关闭休眠，否则休眠期间不会签发。',
  lastRun: (at: string) => `上次运行 ${at}`,
  stuck: '自动签发已十分钟没有响应。请重新载入本页并解锁；没有签发的会接着签发。',
  reload: '重新载入',
  log: '签发记录',
  logEmpty: '还没有记录。',
  kinds: {
    started: '开始整日签发',
    stopped: '停止自动签发',
    ended: '到时停止，钥匙已锁定',
    restarted: '等待过久，已中断并重新运行',
    issued: (number: string) => `已签发 ${number}`,
    held: '没有签发',
  },
  all: (n: number) => `显示全部 ${n} 条`,
  toCase: '打开案卷',
};

export type StationMessages = typeof zh;
export default zh;
