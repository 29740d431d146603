/** What a registrar is told before deciding: the code's check digit, and who else is called so. */
import { checkUscc } from '../licence/index.ts';
import type { EnterpriseCase } from '../workflow/index.ts';
import type { Check, RegistrationForm } from './api/index.ts';

const PUNCTUATION = /[\p{P}\p{S}\p{Z}\p{C}]/gu;
/** Forms of enterprise, longest first: names that differ in nothing else are close. */
const LEGAL_FORMS = ['股份有限公司', '有限责任公司', '有限公司', '集团公司', '公司', '集团'];
const LEGAL_FORMS_EN =
  /(colimited|coltd|companylimited|limited|company|corporation|corp|inc|llc|ltd|co)$/;

/** A name without what people write in several ways: width, case, brackets, spaces, punctuation. */
export function normalisedName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(PUNCTUATION, '');
}

/** The same without the form of enterprise: close names share it. */
function stem(name: string): string {
  let rest = normalisedName(name);
  for (const form of LEGAL_FORMS) rest = rest.replaceAll(form, '');
  return rest.replace(LEGAL_FORMS_EN, '') || normalisedName(name);
}

/** @param all every registration, this one included; one that was refused takes no name */
export function registrationChecks(own: EnterpriseCase, all: readonly EnterpriseCase[]): Check[] {
  const others = all.filter((each) => each.case !== own.case && each.state !== 'rejected');
  const twice = others.some((each) => each.uscc === own.uscc && each.state === 'approved');
  // The same enterprise may register again, with another key.
  const strangers = others.filter((each) => each.uscc !== own.uscc);
  const name = own.change?.name ?? own.name;
  const named = (test: (other: string) => boolean) =>
    strangers.filter((each) => [each.name, each.change?.name].some((n) => n && test(n)));
  const equal = named((other) => normalisedName(other) === normalisedName(name));
  const near = named((other) => stem(other) === stem(name)).filter((each) => !equal.includes(each));
  const english = englishName(own);
  const equalEn = strangers.filter((each) => {
    const other = englishName(each);
    return english !== '' && other !== '' && stem(other) === stem(english);
  });
  const check = (code: string, found: EnterpriseCase[], severity: Check['severity']): Check =>
    found.length === 0
      ? { code, severity: 'ok' }
      : { code, severity, params: { names: found.map(described).join('; ') } };
  return [
    { code: 'uscc', severity: checkUscc(own.uscc).ok ? 'ok' : 'warn' },
    { code: 'registered-before', severity: twice ? 'warn' : 'ok' },
    check('name-taken', equal, 'bad'),
    check('name-near', near, 'warn'),
    check('name-en-taken', equalEn, 'warn'),
  ];
}

const described = ({ name, uscc }: EnterpriseCase): string => `${name} ${uscc}`;

function englishName({ change, form }: EnterpriseCase): string {
  return ((change?.form ?? form) as unknown as RegistrationForm | null)?.nameEn ?? '';
}
