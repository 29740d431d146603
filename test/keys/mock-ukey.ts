/** A UKey and its service in one, at the other end of a socket that is none. */
import type { LiveKey } from '../../src/keys/index.ts';
import type { UKeySocket } from '../../src/keys/ukey.ts';

export interface MockKey {
  key: string;
  purpose: 'signing' | 'encryption';
  certificate: Uint8Array;
  live: LiveKey;
}

type Message = Record<string, unknown>;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

export class MockUKey implements UKeySocket {
  onopen: ((event: never) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: never) => void) | null = null;
  sent: Message[] = [];
  /** Changes or swallows (null) an answer before it leaves. */
  spoil: (answer: Message) => Message | string | null = (answer) => answer;
  readonly #keys: MockKey[];
  readonly #pin: string;
  #tries = 3;
  #open = false;

  constructor(keys: MockKey[], pin: string, reachable = true) {
    this.#keys = keys;
    this.#pin = pin;
    queueMicrotask(() => (reachable ? this.onopen : this.onclose)?.({} as never));
  }

  send(text: string): void {
    const message = JSON.parse(text) as Message;
    this.sent.push(message);
    void this.#answer(message).then((answer) => {
      const spoiled = this.spoil({ id: message['id'], ...answer });
      if (spoiled !== null) this.emit(spoiled);
    });
  }

  close(): void {
    this.onclose?.({} as never);
  }

  emit(message: Message | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.(new MessageEvent('message', { data }));
  }

  async #answer(message: Message): Promise<Message> {
    const refuse = (code: string) => ({ ok: false, code });
    const key = this.#keys.find((each) => each.key === message['key']);
    const octets = (name: string) => new Uint8Array(Buffer.from(String(message[name]), 'base64'));
    switch (message['op']) {
      case 'list':
        return {
          ok: true,
          keys: this.#keys.map(({ key, purpose, certificate }) => ({
            key,
            label: 'UKey',
            purpose,
            certificate: base64(certificate),
            chain: [],
          })),
        };
      case 'pin':
        if (this.#tries === 0) return refuse('pin-locked');
        this.#open = message['pin'] === this.#pin;
        this.#tries = this.#open ? 3 : this.#tries - 1;
        return this.#open ? { ok: true } : refuse(this.#tries === 0 ? 'pin-locked' : 'pin');
      case 'lock':
        this.#open = false;
        return { ok: true };
      case 'sign':
        if (!this.#open) return refuse('locked');
        return key
          ? { ok: true, signature: base64(await key.live.sign(octets('data'))) }
          : refuse('failed');
      case 'agree':
        if (!this.#open) return refuse('locked');
        return key
          ? { ok: true, z: base64(await key.live.agree(octets('point'))) }
          : refuse('failed');
      case 'decrypt': {
        if (!this.#open) return refuse('locked');
        const plain = await key?.live.open?.(octets('data'));
        return plain ? { ok: true, plain: base64(plain) } : refuse('failed');
      }
      default:
        return refuse('failed');
    }
  }
}
