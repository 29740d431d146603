/** Countries and regions by ISO 3166-1 alpha-2: the common ones of trade, not the whole list. */
import { codeList } from './code-list.ts';

export const COUNTRIES = codeList(
  false,
  `
CN|中国|China|zhong guo
HK|中国香港|Hong Kong, China|zhong guo xiang gang
MO|中国澳门|Macao, China|zhong guo ao men
TW|中国台湾|Taiwan, China|zhong guo tai wan
AE|阿联酋|United Arab Emirates|a lian qiu
AO|安哥拉|Angola|an ge la
AR|阿根廷|Argentina|a gen ting
AT|奥地利|Austria|ao di li
AU|澳大利亚|Australia|ao da li ya
BD|孟加拉国|Bangladesh|meng jia la guo
BE|比利时|Belgium|bi li shi
BR|巴西|Brazil|ba xi
BY|白俄罗斯|Belarus|bai e luo si
CA|加拿大|Canada|jia na da
CD|刚果（金）|Congo (DRC)|gang guo jin
CG|刚果（布）|Congo|gang guo bu
CH|瑞士|Switzerland|rui shi
CL|智利|Chile|zhi li
CO|哥伦比亚|Colombia|ge lun bi ya
CZ|捷克|Czechia|jie ke
DE|德国|Germany|de guo
DK|丹麦|Denmark|dan mai
EC|厄瓜多尔|Ecuador|e gua duo er
EG|埃及|Egypt|ai ji
ES|西班牙|Spain|xi ban ya
ET|埃塞俄比亚|Ethiopia|ai sai e bi ya
FI|芬兰|Finland|fen lan
FR|法国|France|fa guo
GA|加蓬|Gabon|jia peng
GB|英国|United Kingdom|ying guo
GN|几内亚|Guinea|ji nei ya
GR|希腊|Greece|xi la
HU|匈牙利|Hungary|xiong ya li
ID|印度尼西亚|Indonesia|yin du ni xi ya
IE|爱尔兰|Ireland|ai er lan
IL|以色列|Israel|yi se lie
IN|印度|India|yin du
IQ|伊拉克|Iraq|yi la ke
IR|伊朗|Iran|yi lang
IT|意大利|Italy|yi da li
JP|日本|Japan|ri ben
KE|肯尼亚|Kenya|ken ni ya
KH|柬埔寨|Cambodia|jian pu zhai
KP|朝鲜|DPR Korea|chao xian
KR|韩国|Republic of Korea|han guo
KW|科威特|Kuwait|ke wei te
KZ|哈萨克斯坦|Kazakhstan|ha sa ke si tan
LA|老挝|Laos|lao wo
LK|斯里兰卡|Sri Lanka|si li lan ka
MA|摩洛哥|Morocco|mo luo ge
MG|马达加斯加|Madagascar|ma da jia si jia
MM|缅甸|Myanmar|mian dian
MN|蒙古|Mongolia|meng gu
MX|墨西哥|Mexico|mo xi ge
MY|马来西亚|Malaysia|ma lai xi ya
MZ|莫桑比克|Mozambique|mo sang bi ke
NA|纳米比亚|Namibia|na mi bi ya
NG|尼日利亚|Nigeria|ni ri li ya
NL|荷兰|Netherlands|he lan
NO|挪威|Norway|nuo wei
NP|尼泊尔|Nepal|ni bo er
NZ|新西兰|New Zealand|xin xi lan
OM|阿曼|Oman|a man
PE|秘鲁|Peru|bi lu
PH|菲律宾|Philippines|fei lv bin
PK|巴基斯坦|Pakistan|ba ji si tan
PL|波兰|Poland|bo lan
PT|葡萄牙|Portugal|pu tao ya
QA|卡塔尔|Qatar|ka ta er
RO|罗马尼亚|Romania|luo ma ni ya
RS|塞尔维亚|Serbia|sai er wei ya
RU|俄罗斯|Russia|e luo si
SA|沙特阿拉伯|Saudi Arabia|sha te a la bo
SD|苏丹|Sudan|su dan
SE|瑞典|Sweden|rui dian
SG|新加坡|Singapore|xin jia po
SK|斯洛伐克|Slovakia|si luo fa ke
TH|泰国|Thailand|tai guo
TM|土库曼斯坦|Turkmenistan|tu ku man si tan
TR|土耳其|Türkiye|tu er qi
TZ|坦桑尼亚|Tanzania|tan sang ni ya
UA|乌克兰|Ukraine|wu ke lan
US|美国|United States|mei guo
UY|乌拉圭|Uruguay|wu la gui
UZ|乌兹别克斯坦|Uzbekistan|wu zi bie ke si tan
VE|委内瑞拉|Venezuela|wei nei rui la
VN|越南|Viet Nam|yue nan
ZA|南非|South Africa|nan fei
ZM|赞比亚|Zambia|zan bi ya
ZW|津巴布韦|Zimbabwe|jin ba bu wei`,
);
