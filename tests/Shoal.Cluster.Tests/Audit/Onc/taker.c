/* Takes operations: prints the port that it listens at, then a line an operation. */
#include <stdio.h>
#include "operations.h"

void operation_log_1(struct svc_req *request, SVCXPRT *transport);

void *note_1_svc(operation_note *note, struct svc_req *request)
{
    static char done;

    (void)request;
    printf("%s %s %s\n", note->username, note->operation, note->timestamp);
    fflush(stdout);
    return &done;
}

int main(void)
{
    SVCXPRT *transport = svctcp_create(RPC_ANYSOCK, 0, 0);

    if (transport == NULL || !svc_register(transport, OPERATION_LOG, OPERATION_LOG_FIRST, operation_log_1, 0))
        return 1;
    printf("port: %d\n", transport->xp_port);
    fflush(stdout);
    svc_run();
    return 1;
}
