const zh = {
  heading: '收发',
  text: '每一步都是一个签过名的数据包。可以联网收发，也可以存成文件带走。',
  state: '联网收发',
  endpoint: '服务器地址',
  endpointHint: '留空表示只用文件收发。服务器只保管数据，不能伪造或读取保密内容。',
  saveEndpoint: '保存地址',
  sync: '立即收发',
  last: (time: string) => `上次收发 ${time}`,
  never: '还没有收发过',
  waiting: (n: number) => (n === 0 ? '没有待发的数据包' : `${n} 个数据包待发`),
  log: (n: number) => `已读到记录 ${n}`,
  byFile: '用文件收发',
  drop: '放入数据包文件（.asice）',
  exportWaiting: '导出待发数据包',
  exportAll: '导出全部数据包',
  exportTrust: '导出信任包',
  nothing: '没有可导出的数据包。',
  saved: (n: number) => `已保存 ${n} 个文件。`,
  imported: (accepted: number, known: number) => `收下 ${accepted} 个，已有 ${known} 个。`,
  refused: (n: number) => `${n} 个文件没有收下：`,
};

export type ExchangeMessages = typeof zh;
export default zh;
