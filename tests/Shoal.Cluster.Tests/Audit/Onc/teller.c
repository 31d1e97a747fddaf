/* Tells operations: teller PORT USER OPERATION TIMESTAMP. Prints "noted", or why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include "operations.h"

int main(int argc, char **argv)
{
    struct sockaddr_in address;
    int socket = RPC_ANYSOCK;
    CLIENT *client;
    operation_note note;

    if (argc != 5)
        return 2;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)atoi(argv[1]));
    client = clnttcp_create(&address, OPERATION_LOG, OPERATION_LOG_FIRST, &socket, 0, 0);
    if (client == NULL) {
        clnt_pcreateerror("teller");
        return 1;
    }
    note.username = argv[2];
    note.operation = argv[3];
    note.timestamp = argv[4];
    if (note_1(&note, client) == NULL) {
        puts(clnt_sperror(client, "teller"));
        return 1;
    }
    puts("noted");
    clnt_destroy(client);
    return 0;
}
