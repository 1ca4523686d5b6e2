#!/bin/sh
# The lab's auto import: runs on the host beside its container, and fails as the real one does when that is not well.
container=${1:-momo-scheduler}
health=$(docker inspect --format '{{.State.Health.Status}}' "$container")
if [ "$health" = healthy ]; then
  echo "imported 42 orders"
  exit 0
fi
cat >&2 <<END
Traceback (most recent call last):
  File "/app/jobs/auto_import.py", line 41, in run_auto_import_task
    worker.import_orders()
  File "/app/jobs/worker.py", line 17, in import_orders
    raise ContainerUnhealthy(name)
momo.errors.ContainerUnhealthy: container $container is unhealthy: its health check does not answer
END
exit 1
