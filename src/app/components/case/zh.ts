/** Words of what every case page shares: queue, checks, reasons, ceremony, history. */
const zh = {
  queue: '待办',
  queueEmpty: '没有待办',
  queueEmptyText: '新的案卷到达后会出现在这里。若刚换过设备，请先收发数据。',
  toExchange: '去收发',
  hint: '键盘',
  next: '下一件',
  previous: '上一件',
  choose: '从左侧选一件案卷。',
  backToQueue: '返回待办',
  provisional: '尚未入账',
  checks: '自动检查',
  decision: '决定',
  history: '办理经过',
  steps: (n: number) => `${n} 步`,
  outcome: {
    heading: '办理结果',
    done: (n: number) => `已办理 ${n} 件`,
    refused: (n: number) => `${n} 件没有办成`,
    close: '知道了',
  },
  search: '搜索',
  all: '全部',
  filter: '按状态筛选',
  exportCsv: '导出 CSV',
  found: (n: number, all: number) => (n === all ? `共 ${all} 项` : `${n} 项，共 ${all} 项`),
  nothingFound: '没有符合的记录。',
  clearSearch: '清除条件',
  open: '打开',
  enlarge: '放大查看',
};

export type CaseMessages = typeof zh;
export default zh;
