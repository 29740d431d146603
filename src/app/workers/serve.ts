/// <reference lib="webworker" />
/** The answering side of `rpc.ts`: calls methods of an object that may still be opening. */
import { type Answer, type Call, refusalOf } from './rpc.ts';

declare const self: DedicatedWorkerGlobalScope;

type Methods = Record<string, (...args: never[]) => unknown>;

const post = (answer: Answer): void => self.postMessage(answer);

export function serve(opening: Promise<Methods> | Methods): void {
  self.onmessage = async ({ data: { call, method, args } }: MessageEvent<Call>) => {
    try {
      const methods = await opening;
      const run = methods[method];
      if (typeof run !== 'function') throw new TypeError(`no method ${method}`);
      const given = args.map((arg) =>
        isCallback(arg) ? (...progress: unknown[]) => post({ call, progress }) : arg,
      );
      post({ call, value: await run.apply(methods, given as never[]) });
    } catch (error) {
      post({ call, refusal: refusalOf(error) });
    }
  };
}

export const tell = (event: string): void => post({ event });

const isCallback = (arg: unknown): boolean =>
  typeof arg === 'object' && arg !== null && 'callback' in arg && arg.callback === true;
