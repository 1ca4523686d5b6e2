export async function EmbeddingWorkflow(): Promise<void> {}
