/** What a registrar is told about a registration before deciding: its code, and others like it. */
import { checkUscc } from '../licence/index.ts';
import type { EnterpriseCase } from '../workflow/index.ts';
import type { Check, RegistrationForm } from './api/index.ts';

export function registrationChecks(found: EnterpriseCase, all: readonly EnterpriseCase[]): Check[] {
  const others = all.filter(
    (each) => each.case !== found.case && (each.state === 'approved' || each.state === 'waiting'),
  );
  const twice = others.some(({ uscc, state }) => uscc === found.uscc && state === 'approved');
  const like = (of: (each: EnterpriseCase) => string): EnterpriseCase | undefined => {
    const own = bareName(of(found));
    return own === ''
      ? undefined
      : others.find((each) => each.uscc !== found.uscc && bareName(of(each)) === own);
  };
  const checks: Check[] = [
    { code: 'uscc', severity: checkUscc(found.uscc).ok ? 'ok' : 'warn' },
    { code: 'registered-before', severity: twice ? 'warn' : 'ok' },
  ];
  const named = like(({ change, name }) => change?.name ?? name) ?? like(englishName);
  checks.push(
    named
      ? { code: 'name-taken', severity: 'warn', params: { name: named.name, uscc: named.uscc } }
      : { code: 'name-taken', severity: 'ok' },
  );
  return checks;
}

/** Known where the form can be opened here. */
function englishName({ change, form }: EnterpriseCase): string {
  const { nameEn = '' } = ((change?.form ?? form) as Partial<RegistrationForm> | null) ?? {};
  return nameEn;
}

/**
 * A name without what the eye passes over: width of letters and brackets, case, blanks, points.
 * Two enterprises whose names differ in nothing else are taken for one another.
 */
export function bareName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '');
}
