/**
 * endpoint: the storage endpoint (Node). It keeps signed packages under their hashes and an
 * append-only log of them, on segment files; it cannot read what is enveloped, nor forge, reorder
 * or quietly drop what it acknowledged.
 */
export { type Endpoint, type EndpointOptions, openEndpoint } from './endpoint.ts';
