/** Calls across a worker: method and arguments, progress callbacks, refusals with their codes. */
export interface Refusal {
  code: string;
  message: string;
  params?: Record<string, string | number>;
}

export interface Call {
  call: number;
  method: string;
  args: unknown[];
}

/** Stands for a callback among the arguments. */
export interface CallbackMark {
  callback: true;
}

export type Answer =
  | { call: number; value: unknown }
  | { call: number; refusal: Refusal }
  | { call: number; progress: unknown[] }
  | { event: string };

/** A refusal from the other side, with the code that the dictionary has words for. */
export class Refused extends Error implements Refusal {
  readonly code: string;
  readonly params: Record<string, string | number>;

  constructor({ code, message, params }: Refusal) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.params = params ?? {};
  }
}

export function refusalOf(error: unknown): Refusal {
  if (error instanceof Error) {
    const { code, params } = error as Partial<Refusal>;
    return {
      code: typeof code === 'string' ? code : 'unexpected',
      message: error.message,
      ...(params ? { params } : {}),
    };
  }
  return { code: 'unexpected', message: String(error) };
}

/** The calling side; starts the worker on the first call. */
export class WorkerClient {
  readonly #start: () => Worker;
  readonly #onEvent: (event: string) => void;
  #worker: Worker | null = null;
  #next = 1;
  readonly #waiting = new Map<
    number,
    {
      resolve: (value: unknown) => void;
      reject: (error: unknown) => void;
      progress?: (...values: unknown[]) => void;
    }
  >();

  constructor(start: () => Worker, onEvent: (event: string) => void = () => {}) {
    this.#start = start;
    this.#onEvent = onEvent;
  }

  call(method: string, args: unknown[]): Promise<unknown> {
    const worker = this.#open();
    const call = this.#next++;
    const progress = args.find((arg) => typeof arg === 'function') as (() => void) | undefined;
    const plain = args.map((arg) => (typeof arg === 'function' ? { callback: true } : arg));
    return new Promise((resolve, reject) => {
      this.#waiting.set(call, { resolve, reject, ...(progress ? { progress } : {}) });
      worker.postMessage({ call, method, args: plain } satisfies Call);
    });
  }

  /** Ends the worker; calls under way are refused with `cancelled`. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#refuseAll({ code: 'cancelled', message: 'cancelled' });
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const worker = this.#start();
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#receive(data);
    worker.onerror = (event) => {
      this.#refuseAll({ code: 'unexpected', message: event.message ?? 'worker failed' });
    };
    this.#worker = worker;
    return worker;
  }

  #receive(answer: Answer): void {
    if ('event' in answer) {
      this.#onEvent(answer.event);
      return;
    }
    const waiting = this.#waiting.get(answer.call);
    if (!waiting) return;
    if ('progress' in answer) {
      waiting.progress?.(...answer.progress);
      return;
    }
    this.#waiting.delete(answer.call);
    if ('refusal' in answer) waiting.reject(new Refused(answer.refusal));
    else waiting.resolve(answer.value);
  }

  #refuseAll(refusal: Refusal): void {
    for (const { reject } of this.#waiting.values()) reject(new Refused(refusal));
    this.#waiting.clear();
  }
}
