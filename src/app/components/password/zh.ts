const zh = {
  newPassword: '新密码',
  repeat: '再输一次',
  differ: '两次输入不同',
  rule: (least: number) =>
    `强度至少 ${least}：每个字符算 1，汉字算 2，纯数字算一半；容易猜的不算。密码无法找回。`,
  strength: (strength: number, least: number) => `密码强度 ${strength}，至少 ${least}`,
  enough: '够强',
  weak: '还不够强',
  sheet: '恢复码',
  sheetSystem: '发证系统',
  sheetFile: '打开的文件',
  sheetDate: '日期',
  sheetText:
    '忘记密码时，用它打开钥匙并设置新密码。请与钥匙文件分开，放在上锁的地方；谁拿到它，谁就能打开钥匙。',
  printSheet: '打印恢复码',
  notCounted: {
    repeated: '重复的部分不算',
    run: '相同或连续的字符不算',
    keyboard: '键盘上相邻的字符不算',
    date: '日期不算',
    common: '常见的词不算',
    own: '本人或本单位的名称、代码不算',
    digits: '只有数字，算一半',
  },
};

export type PasswordMessages = typeof zh;
export default zh;
