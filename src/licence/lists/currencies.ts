/** Currencies of trade: ISO 4217 codes, names of our own. A cut, not the whole list. */
import { codeList } from './code-list.ts';

export const CURRENCIES = codeList(
  false,
  `
CNY|人民币|Chinese yuan|ren min bi
USD|美元|US dollar|mei yuan
EUR|欧元|Euro|ou yuan
JPY|日元|Japanese yen|ri yuan
GBP|英镑|Pound sterling|ying bang
HKD|港元|Hong Kong dollar|gang yuan
KRW|韩元|South Korean won|han yuan
SGD|新加坡元|Singapore dollar|xin jia po yuan
AUD|澳大利亚元|Australian dollar|ao da li ya yuan
CAD|加拿大元|Canadian dollar|jia na da yuan
CHF|瑞士法郎|Swiss franc|rui shi fa lang
RUB|俄罗斯卢布|Russian rouble|e luo si lu bu
THB|泰铢|Thai baht|tai zhu
TWD|新台币|New Taiwan dollar|xin tai bi
MOP|澳门元|Macanese pataca|ao men yuan
MYR|马来西亚林吉特|Malaysian ringgit|ma lai xi ya lin ji te
IDR|印度尼西亚卢比|Indonesian rupiah|yin du ni xi ya lu bi
VND|越南盾|Vietnamese dong|yue nan dun
INR|印度卢比|Indian rupee|yin du lu bi
SEK|瑞典克朗|Swedish krona|rui dian ke lang
DKK|丹麦克朗|Danish krone|dan mai ke lang
NOK|挪威克朗|Norwegian krone|nuo wei ke lang
NZD|新西兰元|New Zealand dollar|xin xi lan yuan
BRL|巴西雷亚尔|Brazilian real|ba xi lei ya er
ZAR|南非兰特|South African rand|nan fei lan te
AED|阿联酋迪拉姆|UAE dirham|a lian qiu di la mu
SAR|沙特里亚尔|Saudi riyal|sha te li ya er
KWD|科威特第纳尔|Kuwaiti dinar|ke wei te di na er`,
);

/** Decimals of a currency (ISO 4217 minor unit); 2 where not listed. */
export function currencyDigits(code: string): number {
  if (code === 'JPY' || code === 'KRW' || code === 'VND') return 0;
  return code === 'KWD' ? 3 : 2;
}
