/** Currencies of trade: ISO 4217 codes, names of our own. A cut, not the whole list. */
import { codeList } from './code-list.ts';

export const CURRENCIES = codeList(
  false,
  `
CNY|人民币|Chinese yuan
USD|美元|US dollar
EUR|欧元|Euro
JPY|日元|Japanese yen
GBP|英镑|Pound sterling
HKD|港元|Hong Kong dollar
KRW|韩元|South Korean won
SGD|新加坡元|Singapore dollar
AUD|澳大利亚元|Australian dollar
CAD|加拿大元|Canadian dollar
CHF|瑞士法郎|Swiss franc
RUB|俄罗斯卢布|Russian rouble
THB|泰铢|Thai baht
TWD|新台币|New Taiwan dollar
MOP|澳门元|Macanese pataca
MYR|马来西亚林吉特|Malaysian ringgit
IDR|印度尼西亚卢比|Indonesian rupiah
VND|越南盾|Vietnamese dong
INR|印度卢比|Indian rupee
SEK|瑞典克朗|Swedish krona
DKK|丹麦克朗|Danish krone
NOK|挪威克朗|Norwegian krone
NZD|新西兰元|New Zealand dollar
BRL|巴西雷亚尔|Brazilian real
ZAR|南非兰特|South African rand
AED|阿联酋迪拉姆|UAE dirham
SAR|沙特里亚尔|Saudi riyal
KWD|科威特第纳尔|Kuwaiti dinar`,
);

/** Decimals of a currency (ISO 4217 minor unit); 2 where not listed. */
export function currencyDigits(code: string): number {
  if (code === 'JPY' || code === 'KRW' || code === 'VND') return 0;
  return code === 'KWD' ? 3 : 2;
}
