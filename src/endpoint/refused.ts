/** Why an endpoint does not start; the message is for its operator. */
export class EndpointRefused extends Error {
  override readonly name = 'EndpointRefused';
}
