/** Demo data: customs offices, units of measure and commodities. Unverified and incomplete. */
import { codeList } from './code-list.ts';

/** Box 7. */
export const PORTS = codeList(
  true,
  `
0100|北京关区|Beijing Customs
0200|天津关区|Tianjin Customs
0900|大连海关|Dalian Customs
2200|上海海关|Shanghai Customs
2248|洋山港区|Yangshan Port
2300|南京海关|Nanjing Customs
3100|宁波关区|Ningbo Customs
3700|厦门关区|Xiamen Customs
4200|青岛海关|Qingdao Customs
5100|广州海关|Guangzhou Customs
5200|黄埔关区|Huangpu Customs
5300|深圳海关|Shenzhen Customs
5304|蛇口海关|Shekou Customs`,
);

/** Box 13. */
export const UNITS = codeList(
  true,
  `
001|台|set
003|辆|vehicle
006|套|suite
007|个|piece
011|件|item
030|米|metre
032|平方米|square metre
033|立方米|cubic metre
035|千克|kilogram
036|克|gram
070|吨|tonne
095|升|litre`,
);

/** Box 11: a handful of commodities for trying things out. */
export const COMMODITIES = codeList(
  true,
  `
2601112000|未烧结铁矿砂及其精矿|Iron ores and concentrates, non-agglomerated
2709000000|石油原油|Petroleum oils, crude
1201909000|非种用黄大豆|Soya beans, other than seed
3104209000|氯化钾|Potassium chloride
7208511000|热轧厚钢板|Hot-rolled steel plate
8457101000|立式加工中心|Vertical machining centres
8479899990|其他机器及机械器具|Other machines and mechanical appliances
9018129100|彩色超声波诊断仪|Colour ultrasonic scanning apparatus`,
);
