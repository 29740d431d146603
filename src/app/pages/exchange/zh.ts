const zh = {
  heading: '同步',
  text: '每一步都是一个签过名的数据包。可以联网同步，也可以存成文件带走。',
  state: '联网同步',
  endpoint: '服务器地址',
  endpointHint: '留空表示只用文件传递。服务器只保管数据，不能伪造或读取保密内容。',
  saveEndpoint: '保存地址',
  sync: '立即同步',
  last: (time: string) => `上次同步 ${time}`,
  never: '还没有同步过',
  clockWrong: (minutes: number, ahead: boolean) =>
    `这台设备的时钟比服务器${ahead ? '快' : '慢'} ${
      minutes < 120 ? `${minutes} 分钟` : `${Math.round(minutes / 60)} 小时`
    }。同步不受影响，但您办理的每一步都会带上错误的时间：请先校准系统时间，再继续办理。`,
  waiting: (n: number) => (n === 0 ? '没有待同步的数据包' : `${n} 个数据包待同步`),
  log: (n: number) => `已读到记录 ${n}`,
  notTaken: (n: number) => `服务器没有接受 ${n} 个数据包`,
  notTakenText:
    '它们留在本机，每次同步都会再试，不影响其他数据包。原因消除不了的，可以先存成文件，再从本机删除。',
  keepFile: '存成文件',
  discard: '删除',
  dropTitle: '删除没有被接受的数据包',
  dropMeans:
    '这一步只在本机，从未被服务器接受。删除后它就等于没有发生：本机不再显示，建立在它之上的步骤也不算数，无法撤销。需要留作证据的，请先存成文件。',
  dropped: '已删除。',
  gaps: '不在本机的步骤和内容',
  gapsText:
    '请先联网同步；用文件传递的，请向对方索取这些案卷的全部数据包。服务器上已损坏的内容，要由持有它的设备同步一次才能恢复。',
  missingHeads: (n: number) => `缺 ${n} 个前面的步骤`,
  missingContents: (n: number) => `有 ${n} 份内容没有取得`,
  damagedContents: (n: number) => `有 ${n} 份内容在服务器上缺失或损坏`,
  byFile: '用文件传递',
  drop: '放入数据包文件（.asice）',
  exportWaiting: '导出待同步的数据包',
  exportAll: '导出全部数据包',
  exportTrust: '导出信任数据',
  nothing: '没有可导出的数据包。',
  saved: (n: number) => `已保存 ${n} 个文件。`,
  imported: (accepted: number, known: number) => `收下 ${accepted} 个，已有 ${known} 个。`,
  refused: (n: number) => `${n} 个文件没有收下：`,
};

export type ExchangeMessages = typeof zh;
export default zh;
