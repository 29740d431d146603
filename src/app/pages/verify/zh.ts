const zh = {
  heading: '核验文件',
  drop: '拖入文件，立即核验',
  hint: '可同时放入多个文件或整个文件夹，也可粘贴。文件不会离开本机，断网也能用。',
  checking: (name: string, size: string) => `正在核验 ${name}（${size}）`,
  progress: (done: number, total: number) => `已核验 ${done} 个，共 ${total} 个`,
  files: (n: number) => `${n} 个文件`,
  finished: '核验完成，结果如下。',
  stop: '停止',
  clear: '清空',
  folder: '选择文件夹',
  samples: '用样例试试',
  trustedBy: (name: string, date: string) => `依据：${name}，信任数据日期 ${date}`,
  trustedByNobody: '依据：未接入发证系统，没有受信任的机构',
  summary: (bad: number, total: number) =>
    bad === 0 ? `共 ${total} 个文件` : `共 ${total} 个文件，其中 ${bad} 个不可采信`,
};

export type VerifyMessages = typeof zh;
export default zh;
