/** `2026-03-02` as forms print it: `2026年03月02日`. Anything else stays as it is. */
export function dateWords(date: string): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date);
  return parts ? `${parts[1]}年${parts[2]}月${parts[3]}日` : date;
}
