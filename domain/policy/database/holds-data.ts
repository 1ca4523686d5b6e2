import type { Container } from '../../container/container.ts';
import { labelOf } from '../labels.ts';
import { imageId, isStoreName, storeInImage } from './store-word.ts';

/** Labels in which an image says what it is, or what it was made from. */
const imageLabels = [
  'org.opencontainers.image.title',
  'org.opencontainers.image.ref.name',
  'org.opencontainers.image.base.name',
  'org.label-schema.name',
];

/**
 * Why a container counts as one that holds data (ADR-013 A8), or null: by its image's name or labels, by a strong
 * sign of what it is, or by two weak ones of different kinds. An image that is only known by a whole id could be
 * anything, so it counts too.
 */
export function holdsData(container: Container): string | null {
  const { image, dataSigns } = container;
  const named = storeInImage(image);
  if (named !== null) return `its image ${image.slice(0, 100)} is a database (${named})`;
  const id = imageId(image);
  if (id === 'whole') return 'its image has no name, so it may be a database';
  for (const label of imageLabels) {
    const value = labelOf(container, label);
    const found = value === null ? null : storeInImage(value);
    if (found !== null) return `its image says in ${label} that it is a database (${found})`;
  }
  const strong = dataSigns.find(({ kind }) => kind === 'strong');
  if (strong !== undefined) return `it ${strong.what}, as a database does`;
  const service = labelOf(container, 'com.docker.compose.service') ?? container.name;
  const weak = dataSigns.map(({ what }) => what);
  if (id === 'short') weak.push('has an image without a name');
  if (isStoreItself(service)) weak.push(`is the service ${service.slice(0, 60)}`);
  return weak.length < 2 ? null : `it ${weak.join(' and ')}, so it may be a database`;
}

/** Whether a service is called as stores are and nothing else: `db`, `postgres`, `redis-1`; not `db-admin`. */
function isStoreItself(service: string): boolean {
  const words = service
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !/^[0-9]+$/.test(word));
  return words.length === 1 && isStoreName(words[0] ?? '');
}
