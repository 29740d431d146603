const zh = {
  until: {
    chain: (date: string) => `现有资料可核验至 ${date}：届时证书链中有证书到期。`,
    'time-stamp': (date: string) => `现有资料可核验至 ${date}：届时最后一个时间戳的机构证书到期。`,
  },
  over: {
    chain: (date: string) => `证书链中有证书已于 ${date} 到期。`,
    'time-stamp': (date: string) => `最后一个时间戳的机构证书已于 ${date} 到期。`,
  },
  nothing: '在本机信任下，时间和签名人未能证实，谈不上长期核验。',
  chain: '证书链',
  validity: (from: string, to: string) => `有效期 ${from} 至 ${to}`,
  anchor: '本机信任的根，不查吊销',
  end: '链到此为止，没有接上本机信任的机构；吊销情况也无从判断',
  unknown: '没有吊销资料',
  status: { good: '未吊销', revoked: '已吊销' },
  evidence: (kind: string, source: string, date: string) => `${kind}，${source}，${date} 发布`,
  kinds: { crl: '吊销列表', ocsp: 'OCSP 应答' },
  sources: { signature: '随签名附带', document: '存于文件（DSS）', list: '来自本机信任数据' },
  age: (days: number) => (days < 1 ? '不到一天前' : `${days} 天前`),
  overdue: (date: string) => `应于 ${date} 前更新，已过期`,
  stamps: '时间戳',
  stamp: (time: string, who: string) => `${time} · ${who}`,
  stampUntil: (date: string) => `机构证书至 ${date}`,
  untrusted: '本机不信任',
  noStamps: '没有时间戳：签章时间只是签名人自报。',
  next: '到下一级还缺什么',
  missing: {
    CMS: '签名没有按 PAdES 绑定签名证书，须重新签章才能达到 B-B。',
    'B-B': '缺时间戳（B-T）：没有它，证书到期后就无法核验。',
    'B-T': '缺吊销资料（B-LT）：应趁证书有效时存入文件。',
    'B-LT': '缺覆盖全部资料的文档时间戳（B-LTA）：没有它，不能续加。',
    'B-LTA': '不缺。到期之前续加一个文档时间戳，就能继续核验。',
  },
};

export type LongTermMessages = typeof zh;
export default zh;
