/** A picture from bytes as an address for `<img>`, freed when it is no longer shown. */
export class PictureUrl {
  value = $state('');

  constructor(picture: () => { bytes: Uint8Array | string; type: string }) {
    $effect(() => {
      const { bytes, type } = picture();
      const made = URL.createObjectURL(new Blob([bytes as BlobPart], { type }));
      this.value = made;
      return () => URL.revokeObjectURL(made);
    });
  }
}
