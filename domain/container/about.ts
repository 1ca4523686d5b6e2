const types = new Set(['CONTAINER_UNHEALTHY', 'CONTAINER_EXITED', 'OOM_KILLED']);

/** Whether a failure of this type says that its container itself is ill. Of any other its own health proves nothing. */
export const isAboutContainer = (errorType: string): boolean => types.has(errorType);
