/** Demo data: customs offices, units of measure and commodities. Unverified and incomplete. */
import { codeList } from './code-list.ts';

/** Box 7. */
export const PORTS = codeList(
  true,
  `
0100|北京关区|Beijing Customs|bei jing guan qu
0200|天津关区|Tianjin Customs|tian jin guan qu
0900|大连海关|Dalian Customs|da lian hai guan
2200|上海海关|Shanghai Customs|shang hai hai guan
2248|洋山港区|Yangshan Port|yang shan gang qu
2300|南京海关|Nanjing Customs|nan jing hai guan
3100|宁波关区|Ningbo Customs|ning bo guan qu
3700|厦门关区|Xiamen Customs|xia men guan qu
4200|青岛海关|Qingdao Customs|qing dao hai guan
5100|广州海关|Guangzhou Customs|guang zhou hai guan
5200|黄埔关区|Huangpu Customs|huang pu guan qu
5300|深圳海关|Shenzhen Customs|shen zhen hai guan
5304|蛇口海关|Shekou Customs|she kou hai guan`,
);

/** Box 13. */
export const UNITS = codeList(
  true,
  `
001|台|set|tai
003|辆|vehicle|liang
006|套|suite|tao
007|个|piece|ge
011|件|item|jian
030|米|metre|mi
032|平方米|square metre|ping fang mi
033|立方米|cubic metre|li fang mi
035|千克|kilogram|qian ke
036|克|gram|ke
070|吨|tonne|dun
095|升|litre|sheng`,
);

/** Box 11: a handful of commodities for trying things out. */
export const COMMODITIES = codeList(
  true,
  `
2601112000|未烧结铁矿砂及其精矿|Iron ores and concentrates, non-agglomerated|wei shao jie tie kuang sha ji qi jing kuang
2709000000|石油原油|Petroleum oils, crude|shi you yuan you
1201909000|非种用黄大豆|Soya beans, other than seed|fei zhong yong huang da dou
3104209000|氯化钾|Potassium chloride|lv hua jia
7208511000|热轧厚钢板|Hot-rolled steel plate|re zha hou gang ban
8457101000|立式加工中心|Vertical machining centres|li shi jia gong zhong xin
8479899990|其他机器及机械器具|Other machines and mechanical appliances|qi ta ji qi ji ji xie qi ju
9018129100|彩色超声波诊断仪|Colour ultrasonic scanning apparatus|cai se chao sheng bo zhen duan yi`,
);
