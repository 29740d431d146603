/** The address of an open case, kept without leaving the page. */
export function queueAddress(base: string, id: string | null): void {
  history.replaceState(history.state, '', id === null ? `#${base}` : `#${base}/${id}`);
}
