const zh = {
  tryHeading: '试用',
  tryText:
    '在本机生成一个完整的部署：信任根、登记与制章、初审、复审、出证、查验，以及一家示例企业。密钥、证书和文件都是真的，只是没有法律效力。',
  tryPoints: [
    '约需几秒，全部在本机完成，不联网。',
    '人员之间可随时切换，从申请印章走到查验核销。',
    '每个页面和每份文件都标明“试点”。',
  ],
  tryStart: '生成试点部署',
  tryDone: '试点已就绪。先以企业身份入座。',
  already: '本机已加入一个部署。',
  alreadyText: '一台设备同时只属于一个部署。可在设置中退出后再试。',
  enter: '进入工作区',
  settings: '打开设置',
  joinHeading: '加入部署',
  joinText: '放入发证机关给的信任包。加入之前，请用另一种渠道（电话、公告、名片）核对指纹。',
  drop: '放入信任包（.asice）',
  fingerprint: '指纹',
  compare: '请与发证机关公布的指纹逐组核对。',
  compared: '我已核对，指纹一致',
  deployment: '部署',
  authority: '发证机关',
  issued: '发布日期',
  next: '下次更新',
  pilot: '这是试点部署，其证书与文件没有法律效力。',
  stale: '信任数据已过期，加入后请尽快更新。',
  joinNow: '加入',
  joined: '已加入。',
};

export type SetupMessages = typeof zh;
export default zh;
