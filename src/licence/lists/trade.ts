/** Trade terms, exchange, use and status of goods. The wording is customary; codes are demo data. */
import { codeList } from './code-list.ts';

/** Box 5. */
export const TRADE_MODES = codeList(
  true,
  `
0110|一般贸易|General trade|yi ban mao yi
0130|易货贸易|Barter trade|yi huo mao yi
0214|来料加工|Processing with supplied materials|lai liao jia gong
0615|进料加工|Processing with imported materials|jin liao jia gong
0513|补偿贸易|Compensation trade|bu chang mao yi
1523|国际租赁|International leasing|guo ji zu lin
2225|外资企业进口|Import by foreign-invested enterprise|wai zi qi ye jin kou
3612|捐赠|Donation|juan zeng
4019|边境贸易|Border trade|bian jing mao yi
9739|其他贸易|Other|qi ta mao yi`,
);

/** Box 6. */
export const FOREIGN_EXCHANGE = codeList(
  true,
  `
1|银行购汇|Purchased from bank|yin hang gou hui
2|贷款|Loan|dai kuan
3|外资|Foreign investment|wai zi
4|赠送|Gift|zeng song
5|索赔|Claim|suo pei
6|不支付外汇|No foreign exchange|bu zhi fu wai hui`,
);

/** Box 10. */
export const USES = codeList(
  true,
  `
1|自用|Own use|zi yong
2|生产用|Production|sheng chan yong
3|内销|Domestic sale|nei xiao
4|外销|Export sale|wai xiao
5|样品|Samples|yang pin
6|维修|Repair|wei xiu`,
);

/** Box 11 of the mechanical and electrical variant. */
export const GOODS_STATUS = codeList(
  true,
  `
1|新品|New|xin pin
2|旧品|Used|jiu pin`,
);
