const zh = {
  heading: '这份文件可信吗',
  drop: '拖入文件，立即核验',
  dropHint: '许可证、申请表、印章、OFD、数据包或证书。文件不会离开本机，断网也能用。',
  scan: '扫码',
  scanText: '用摄像头读许可证二维码',
  workspace: '进入工作区',
  workspaceText: (name: string) => (name ? `${name} 正在办理` : '选择人员并解锁电子钥匙'),
  first: '第一次使用',
  tryTitle: '试用',
  tryText: '在本机生成一个完整的演示系统：企业、审核、出证、查验都能走一遍。',
  joinTitle: '接入发证系统',
  joinText: '用发证机关给的信任数据文件接入，核对指纹后即可办理业务。',
  foundTitle: '建立发证系统',
  foundText: '为自己的机关建立信任根与证书机构，正式办理业务。',
  verifyOnlyTitle: '只做核验',
  verifyOnlyText: '不需要接入。没有信任数据时，只能判断是否被改动，不能判断是谁盖的章。',
  recent: '本机最近核验',
  clear: '清除记录',
};

export type StartMessages = typeof zh;
export default zh;
