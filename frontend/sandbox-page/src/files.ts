/** Reading what a person gives to the page. */

/** Discord's limit without a boost. */
const LARGEST_FILE = 10 * 1024 * 1024;

/** A file's bytes in base64; rejects when it is too large or cannot be read. */
export function base64(file: File): Promise<string> {
  if (file.size > LARGEST_FILE) return Promise.reject(new Error(`${file.name} is larger than 10 MB.`));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).split(",", 2)[1] ?? "");
    reader.onerror = () => reject(reader.error ?? new Error(`${file.name} cannot be read.`));
    reader.readAsDataURL(file);
  });
}
