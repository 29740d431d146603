/** Words for how complete what a device shows is, and for what did not count. */
const zh = {
  heading: '请留意',
  notOnRoster: '您的证书已签发，但已公布的人员名册里还没有您。',
  notOnRosterText:
    '因此您还不能办理业务，案卷也不会送到本机。请让信任根发布新的信任数据；发布后，本机同步一次即可开始工作。',
  revoked: (at: string) => `您的证书已于 ${at} 撤销。`,
  revokedStaff:
    '这把钥匙不能再办理业务，以后用它做的步骤都不算数。请生成新钥匙，把请求文件交给登记员。',
  revokedFirm:
    '这把钥匙不能再办理业务，以后用它做的步骤都不算数。请在“人员”里为本企业登记一把新钥匙。已签发的许可证不受影响。',
  toPeople: '去登记新钥匙',
  noCertificate: '您还没有证书，案卷不会送到本机。',
  noCertificateText: '请把请求文件交给登记员，收到答复文件后在这里装入。',
  toStaff: '请求文件与答复',
  incomplete: '本机还没有取齐您能看的案卷。',
  incompleteText: '现在列出的可能不全；空着不等于没有。请联网同步，同步完成后此提示会消失。',
  missing: (n: number) => `有 ${n} 项前面的步骤或内容不在本机。`,
  missingText: '依赖它们的步骤暂时无法判断，或不能阅读。',
  comma: '、',
  roleKey: (group: string) => `您还没有取得“${group}”的岗位密钥。`,
  roleKeyText: {
    waiting: (names: string) =>
      names === ''
        ? '同组已没有人持有密钥。请信任根用恢复密钥转交；在此之前，以前的案卷打不开。'
        : `在此之前案卷打不开。请${names}中任何一人上线同步一次，密钥会自动转交；然后本机再同步一次。`,
    coming: () => '密钥已经转交。本机同步一次就能打开案卷。',
    unfit: () => '转交来的密钥打不开或不相符。同组人员的设备上线后会换用新密钥。',
  },
  toExchange: '去同步',
  refused: (n: number) => `您有 ${n} 个步骤没有被采纳，在任何设备上都不算数。`,
  toCase: '打开案卷',
  seen: '知道了',
  unread: '（内容在本机打不开）',
  unreadText:
    '这件案卷的内容在本机打不开：或尚未取得，或没有加密给当前人员。这里空着的栏目不等于没有填写。请先同步；刚加入的人员请等同组人员的设备同步一次。',
  differs: '签发内容与签发记录不符',
  differsText: (what: string) =>
    `${what}与签发记录所载的摘要不一致。经审核的是签发记录所绑定的内容，请勿据此使用本许可证。`,
  differing: { licence: '许可证数据', token: '二维码', pdf: '许可证 PDF' },
  joinWords: (words: string[]) => words.join('、'),
  revokeHint: '出证人员应当吊销这份许可证，并通知持证企业。',
  toRevoke: '去吊销',
  askRevoke: '请通知出证人员吊销这份许可证。',
  held: '没有自动签发：',
  waits: '自动签发：',
};

export type StandingMessages = typeof zh;
export default zh;
