import type { Container } from './container.ts';
import type { Judgement } from './judge.ts';

/**
 * Whether Docker also passes through this state for a moment while somebody makes, restarts or removes a container:
 * one look at it proves nothing.
 */
export function mayBePassing({ status }: Container, { is }: Judgement): boolean {
  return status === 'created' || status === 'removing' || (status === 'exited' && is !== 'ill');
}
