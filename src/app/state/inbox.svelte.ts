/** Files on their way to the verify page, wherever they were dropped. */
class Inbox {
  files = $state.raw<File[]>([]);

  put(files: File[]): void {
    this.files = files;
  }

  take(): File[] {
    const { files } = this;
    this.files = [];
    return files;
  }
}

export const inbox = new Inbox();
