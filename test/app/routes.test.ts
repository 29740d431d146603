import fc from 'fast-check';
import { expect, it } from 'vitest';
import { match, pathOf } from '../../src/app/router/match.ts';
import { HOME, ROUTES } from '../../src/app/router/routes.ts';

it('never throws for an address that somebody made up', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const { path } of ROUTES) match(path, pathOf(`#/${text}`));
    }),
  );
});

it.each(Object.entries(HOME))('%s is at home at %s', (workspace, home) => {
  const route = ROUTES.find(({ path }) => match(path, home));
  expect(route?.workspace).toBe(workspace);
  expect(route?.person).toBe(true);
});

it('lets nobody but a person with that workspace into it, and nobody seal who is not seated', () => {
  for (const { person, path, workspace } of ROUTES) {
    expect(person, path).toBe(workspace !== 'start' || path === '/stamp');
  }
});
