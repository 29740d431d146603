const zh = {
  heading: '试用样例',
  intro: '四份真实的文件，由同一套程序核验。所用证书都带“试点”标记，没有任何效力。',
  names: {
    licence: '盖章的许可证',
    'licence-changed': '盖章后改了金额',
    'licence-foreign-seal': '盖的是别人的印章',
    'delivery-note': '国密盖章的 OFD',
  },
  unreachable: '样例没有取到：取样例要联网。',
  sample: '这是样例，不是真的许可证。',
  what: {
    licence: '发证机关盖章之后，没有人动过它。',
    'licence-changed':
      '盖章之后，有人用普通的 PDF 编辑软件把总值 7,142,500.00 涂掉，改成 9,142,500.00。',
    'licence-foreign-seal':
      '另一家企业用自己的证书签名，却放上了从真许可证里复制来的发证机关印章。图案分毫不差。',
    'delivery-note': '一家企业用 SM2 密钥盖章的送货单，国内财务软件常用这种格式。',
  },
  without: {
    known:
      '是否被改动，不需要信任任何人就能算出来。是谁盖的章则不然：任何人都能刻一枚写着别人名字的章，所以本机没有接入样例的发证系统时，只说“不认识”。',
    bad: '不需要信任任何人，就能算出这份文件不可信。',
  },
  withTrust:
    '这次核验依据样例自己的信任数据，与已接入发证系统的设备看到的一样；只用于这份样例，不会保存。',
  judge: '换用样例的信任数据',
  back: '不用样例的信任数据',
};

export type SampleMessages = typeof zh;
export default zh;
