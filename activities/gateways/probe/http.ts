/** Asks an address once. `expectStatus` absent: anything below 500 counts as well. Never throws. */
export async function askHttp(
  url: string,
  expectStatus: number | undefined,
  timeoutMs: number,
): Promise<{ gone: boolean; detail: string }> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    await answer.body?.cancel();
    const gone = expectStatus === undefined ? answer.status < 500 : answer.status === expectStatus;
    return { gone, detail: `${new URL(url).host} answers ${answer.status}` };
  } catch (error) {
    return { gone: false, detail: `no answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}
