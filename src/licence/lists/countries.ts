/** Countries and regions by ISO 3166-1 alpha-2: the common ones of trade, not the whole list. */
import { codeList } from './code-list.ts';

export const COUNTRIES = codeList(
  false,
  `
CN|中国|China
HK|中国香港|Hong Kong, China
MO|中国澳门|Macao, China
TW|中国台湾|Taiwan, China
AE|阿联酋|United Arab Emirates
AO|安哥拉|Angola
AR|阿根廷|Argentina
AT|奥地利|Austria
AU|澳大利亚|Australia
BD|孟加拉国|Bangladesh
BE|比利时|Belgium
BR|巴西|Brazil
BY|白俄罗斯|Belarus
CA|加拿大|Canada
CD|刚果（金）|Congo (DRC)
CG|刚果（布）|Congo
CH|瑞士|Switzerland
CL|智利|Chile
CO|哥伦比亚|Colombia
CZ|捷克|Czechia
DE|德国|Germany
DK|丹麦|Denmark
EC|厄瓜多尔|Ecuador
EG|埃及|Egypt
ES|西班牙|Spain
ET|埃塞俄比亚|Ethiopia
FI|芬兰|Finland
FR|法国|France
GA|加蓬|Gabon
GB|英国|United Kingdom
GN|几内亚|Guinea
GR|希腊|Greece
HU|匈牙利|Hungary
ID|印度尼西亚|Indonesia
IE|爱尔兰|Ireland
IL|以色列|Israel
IN|印度|India
IQ|伊拉克|Iraq
IR|伊朗|Iran
IT|意大利|Italy
JP|日本|Japan
KE|肯尼亚|Kenya
KH|柬埔寨|Cambodia
KP|朝鲜|DPR Korea
KR|韩国|Republic of Korea
KW|科威特|Kuwait
KZ|哈萨克斯坦|Kazakhstan
LA|老挝|Laos
LK|斯里兰卡|Sri Lanka
MA|摩洛哥|Morocco
MG|马达加斯加|Madagascar
MM|缅甸|Myanmar
MN|蒙古|Mongolia
MX|墨西哥|Mexico
MY|马来西亚|Malaysia
MZ|莫桑比克|Mozambique
NA|纳米比亚|Namibia
NG|尼日利亚|Nigeria
NL|荷兰|Netherlands
NO|挪威|Norway
NP|尼泊尔|Nepal
NZ|新西兰|New Zealand
OM|阿曼|Oman
PE|秘鲁|Peru
PH|菲律宾|Philippines
PK|巴基斯坦|Pakistan
PL|波兰|Poland
PT|葡萄牙|Portugal
QA|卡塔尔|Qatar
RO|罗马尼亚|Romania
RS|塞尔维亚|Serbia
RU|俄罗斯|Russia
SA|沙特阿拉伯|Saudi Arabia
SD|苏丹|Sudan
SE|瑞典|Sweden
SG|新加坡|Singapore
SK|斯洛伐克|Slovakia
TH|泰国|Thailand
TM|土库曼斯坦|Turkmenistan
TR|土耳其|Türkiye
TZ|坦桑尼亚|Tanzania
UA|乌克兰|Ukraine
US|美国|United States
UY|乌拉圭|Uruguay
UZ|乌兹别克斯坦|Uzbekistan
VE|委内瑞拉|Venezuela
VN|越南|Viet Nam
ZA|南非|South Africa
ZM|赞比亚|Zambia
ZW|津巴布韦|Zimbabwe`,
);
