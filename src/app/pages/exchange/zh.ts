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
  waiting: (n: number) => (n === 0 ? '没有待同步的数据包' : `${n} 个数据包待同步`),
  log: (n: number) => `已读到记录 ${n}`,
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
