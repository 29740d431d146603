import { beforeEach, expect, it } from 'vitest';
import {
  forgetAllTyped,
  forgetTyped,
  keepTyped,
  keptTyped,
} from '../../src/app/state/typed-journal.ts';
import { sampleApplication } from '../../src/licence/index.ts';

let storage: Storage;
beforeEach(() => {
  const items = new Map<string, string>();
  storage = Object.defineProperties(
    {},
    {
      getItem: { value: (key: string) => items.get(key) ?? null },
      setItem: {
        value: (key: string, text: string) => {
          items.set(key, text);
          Object.defineProperty(storage, key, {
            enumerable: true,
            configurable: true,
            value: text,
          });
        },
      },
      removeItem: {
        value: (key: string) => {
          items.delete(key);
          delete (storage as Record<string, unknown>)[key];
        },
      },
    },
  ) as Storage;
});

const typed = { form: sampleApplication(), flow: 'paper' as const };
const draft = { id: 'a', licenceType: 'auto-import' };

it('keeps the last keystroke of a draft until the desk has it', () => {
  keepTyped('a', typed, storage);
  expect(keptTyped(draft, storage)).toEqual(typed);
  expect(keptTyped({ ...draft, id: 'b' }, storage)).toBeNull();
  forgetTyped('a', storage);
  expect(keptTyped(draft, storage)).toBeNull();
});

it('passes over what is not of this type, or not readable', () => {
  keepTyped('a', typed, storage);
  expect(keptTyped({ ...draft, licenceType: 'import' }, storage)).toBeNull();
  storage.setItem('cinnabar.typed.a', '{"form":');
  expect(keptTyped(draft, storage)).toBeNull();
});

it('leaves nothing behind when the device leaves the deployment', () => {
  keepTyped('a', typed, storage);
  storage.setItem('cinnabar.lang', 'en');
  forgetAllTyped(storage);
  expect(Object.keys(storage)).toEqual(['cinnabar.lang']);
});

it('a storage that refuses is no obstacle', () => {
  const refusing = {
    setItem() {
      throw new Error('full');
    },
    getItem() {
      throw new Error('closed');
    },
  } as unknown as Storage;
  keepTyped('a', typed, refusing);
  expect(keptTyped(draft, refusing)).toBeNull();
  forgetTyped('a', refusing);
});
