/** Refusals of the endpoint, each with its code and one sentence. */
import type { ServerResponse } from 'node:http';
import type { Refusal } from './admission.ts';
import { answerJson } from './answer.ts';

export function refused(response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, missing } = refusal;
  if (status === 429) response.setHeader('Retry-After', '600');
  answerJson(response, status, { code, message, ...(missing ? { missing } : {}) });
}

export function tooLarge(response: ServerResponse, message: string): void {
  response.setHeader('Connection', 'close');
  refuse(response, 413, 'too-large', message);
}

export function unknown(response: ServerResponse): void {
  refuse(response, 404, 'unknown', 'no such object');
}

export function unsigned(response: ServerResponse): void {
  refuse(response, 401, 'request-signature', 'sign the request');
}

export function notYours(response: ServerResponse): void {
  refuse(response, 403, 'readers', 'only for those whom it concerns');
}

/** It was stored, and is not what it was. */
export function damaged(response: ServerResponse): void {
  refuse(response, 500, 'damaged', 'the stored object is damaged; who has it may store it again');
}

/** A checkpoint over fewer entries would contradict those that were signed. */
export function logDamaged(response: ServerResponse): void {
  refuse(response, 503, 'log-damaged', 'entries of the log are lost');
}

/** The process ends: whoever asks again is answered by the next one. */
export function stopped(response: ServerResponse): void {
  response.setHeader('Retry-After', '5');
  refuse(response, 503, 'stopping', 'the endpoint is stopping');
}

export function refuse(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  answerJson(response, status, { code, message });
}
