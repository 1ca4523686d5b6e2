export async function ScheduledTaskWorkflow(): Promise<void> {}
