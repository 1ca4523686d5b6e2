/** For what a heal can do without: waits this long for it. @returns null when it takes longer */
export async function within<T>(ms: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([asked, tooLate]).finally(() => clearTimeout(timer));
}
