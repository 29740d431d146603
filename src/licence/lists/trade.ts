/** Trade terms, exchange, use and status of goods. The wording is customary; codes are demo data. */
import { codeList } from './code-list.ts';

/** Box 5. */
export const TRADE_MODES = codeList(
  true,
  `
0110|一般贸易|General trade
0130|易货贸易|Barter trade
0214|来料加工|Processing with supplied materials
0615|进料加工|Processing with imported materials
0513|补偿贸易|Compensation trade
1523|国际租赁|International leasing
2225|外资企业进口|Import by foreign-invested enterprise
3612|捐赠|Donation
4019|边境贸易|Border trade
9739|其他贸易|Other`,
);

/** Box 6. */
export const FOREIGN_EXCHANGE = codeList(
  true,
  `
1|银行购汇|Purchased from bank
2|贷款|Loan
3|外资|Foreign investment
4|赠送|Gift
5|索赔|Claim
6|不支付外汇|No foreign exchange`,
);

/** Box 10. */
export const USES = codeList(
  true,
  `
1|自用|Own use
2|生产用|Production
3|内销|Domestic sale
4|外销|Export sale
5|样品|Samples
6|维修|Repair`,
);

/** Box 11 of the mechanical and electrical variant. */
export const GOODS_STATUS = codeList(
  true,
  `
1|新品|New
2|旧品|Used`,
);
