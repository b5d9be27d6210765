# Completion of vtoken for fish. VTOKEN_LIVE_COMPLETION=false keeps it from asking the store or server for roles,
# policies, accessors and paths.

# The table, made by scripts/completions.
function __vtoken_names
    printf '%s\n' \
        'create|Make a token' \
        'lookup|Show what a token is' \
        'renew|Let a token live longer' \
        'revoke|End tokens and what they made' \
        'capabilities|Show what a token may do on a path' \
        'run|Run a command with a token of its own' \
        'inspect|Show what is inside a token, offline' \
        'scan|Find tokens in files, folders, standard input and diffs' \
        'roles list|List the roles' \
        'roles read|Show a role' \
        'roles write|Make or change a role' \
        'roles delete|Delete a role' \
        'accessors list|List the accessors of all tokens, or of some' \
        'accessors lookup|Show tokens by their accessors' \
        'accessors revoke|End tokens by their accessors, or by what they are' \
        'list|List what is under any path' \
        'read|Read any path' \
        'write|Write to any path' \
        'delete|Delete what is at any path' \
        'unwrap|Show the answer that waits behind a wrapping token' \
        'policy list|List the policies' \
        'policy read|Show a policy' \
        'policy write|Make or replace a policy' \
        'policy delete|Delete a policy' \
        'policy fmt|Bring the file of a policy into its usual form' \
        'print token|Print the token that would be used' \
        'store init|Make a local store' \
        'store status|Show what a local store holds, and how it is locked' \
        'store verify|Read a whole local store and say what is wrong with it' \
        'store rotate|Seal with a new key from now on' \
        'store rekey|Lock a local store with another key' \
        'store backup|Copy a local store to a new file' \
        'store restore|Bring a backup of a local store back' \
        'store tidy|Remove expired tokens from a local store' \
        'store audit enable|Note a local store\'s requests in a file' \
        'store audit disable|Note a local store\'s requests no more' \
        'store audit status|Show where a local store\'s requests are noted' \
        'store audit hash|Show how a token or accessor looks in the audit log'
end

function __vtoken_shared
    switch $argv[1]
        case output
            printf '%s\n' \
                'format=choice:table,json,yaml,ndjson,env|table, json, yaml, ndjson' \
                'field=any|Print only this field\'s value, or what is at a path such as auth.policies[0]' \
                'output-file=file|Write what would be printed into this file, which only you can read'
        case requests
            printf '%s\n' \
                'token-file=file|Holds the token to ask with' \
                'namespace=any|Ask in this namespace' \
                'wrap-ttl=any|Wrap the answer behind a single-use token that lives so long' \
                'header=any|Send this HTTP header too' \
                'mfa=any|An MFA credential' \
                'policy-override|Override a soft-mandatory Sentinel policy' \
                'output-curl-string|Send nothing' \
                'output-policy|Send nothing' \
                'non-interactive|Never ask on the terminal'
        case servers
            printf '%s\n' \
                'ca-cert=file|Trust the certificates in this PEM file instead of the system\'s' \
                'ca-path=folder|The same for the PEM files in a folder, without -ca-cert' \
                'client-cert=file|Show the server this certificate' \
                'client-key=file|The key of -client-cert' \
                'tls-server-name=any|The name that the server\'s certificate must have' \
                'tls-skip-verify|Trust any certificate' \
                'disable-redirects|Follow no redirect'
        case server_or_store
            printf '%s\n' \
                'address=any|A server\'s URL, or file:// and a store\'s absolute path' \
                'agent-address=any|An agent\'s URL, which is asked instead' \
                'store=file|A local store' \
                'key-file=file|The key that opens the store, when it is not PATH.key' \
                'passphrase-file=file|Holds the passphrase that opens the store'
        case general
            printf '%s\n' \
                'q|Say only what was asked for' \
                'v|Say which target is asked, and where the token came from' \
                'exit-codes=choice:detailed,plain|"detailed" tells failures apart' \
                'fail-on-warning|End with status 3 when there was something to warn of, though all was done'
        case clusters
            printf '%s\n' \
                'consistency=choice:retry,forward,forward-always|When a standby lags behind (412)' \
                'require-index=any|Answer only from this state or a later one, an X-Vault-Index that -v showed'
        case output_2
            printf '%s\n' \
                'format=choice:table,json,yaml,ndjson|table, json, yaml, or ndjson' \
                'field=any|Print only this field\'s value, or what is at a path such as auth.policies[0]' \
                'output-file=file|Write what would be printed into this file, which only you can read'
        case output_3
            printf '%s\n' \
                'format=choice:table,json,yaml,ndjson|table, json, yaml, or ndjson' \
                'output-file=file|Write what would be printed into this file, which only you can read'
        case output_4
            printf '%s\n' \
                'format=choice:table,json,yaml,ndjson|table, json, yaml, or ndjson' \
                'detailed|Show more than the names' \
                'output-file=file|Write what would be printed into this file, which only you can read'
        case which_tokens
            printf '%s\n' \
                'policy=policy|With this policy, its own or its identity\'s' \
                'role=role|Made by this role' \
                'path=any|Made at this path, such as auth/userpass/*' \
                'display-name=any|With this display name' \
                'metadata=any|With this pair in its metadata' \
                'entity-id=any|Of this entity' \
                'type=choice:service,batch|service or batch' \
                'orphan|Without a parent' \
                'created-before=any|Made before this time, such as 2026-11-22T10:00:00Z, or longer ago than…' \
                'created-after=any|Made at this time or later, or not longer ago than this' \
                'ttl-less-than=any|With less than this to live' \
                'ttl-greater-than=any|With more than this to live, or without an end' \
                'all|Every token' \
                'accessors-from=file|Look only at the accessors in this file (- for standard input) instead of…'
        case general_2
            printf '%s\n' \
                'q|Say only what was asked for' \
                'v|Say which target is asked, and where the token came from' \
                'exit-codes=choice:detailed,plain|"detailed" tells failures apart'
    end
end

# The kinds of the first and of later arguments, then the flags, a line each.
function __vtoken_command
    switch $argv[1]
        case ''
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            for name in output requests servers server_or_store general clusters
                __vtoken_shared $name
            end
        case 'create'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does' \
                'id=token|Use this as the token instead of a random one' \
                'display-name=any|A name to know the token by' \
                'ttl=any|How long the token lives unless it is renewed' \
                'explicit-max-ttl=any|The token never lives longer than this, whatever its renewals' \
                'period=any|Every renewal gives so long again, for ever' \
                'renewable|Whether the token can be renewed' \
                'orphan|Make a token without a parent, which outlives yours' \
                'no-default-policy|Leave out the policy "default"' \
                'use-limit=any|The token works so many times' \
                'role=role|Make the token by this role, which may overrule the other flags' \
                'type=choice:service,batch|service (the default) or batch' \
                'metadata=any|Attach a pair to the token' \
                'policy=policy|A policy of the token' \
                'require-policies|Make no token when one of its policies does not exist' \
                'entity-alias=any|Tie the token to this entity alias' \
                'cache=any|Give the token that was made under this name before, with the same flags…' \
                'cache-min-ttl=any|How long a kept token must have to live to be given' \
                'count=any|Make so many tokens, each like the others, and show them as they are made'
            __vtoken_shared output
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'lookup'
            printf '%s\n' \
                token \
                token \
                'help|Say what the command does' \
                'accessor|The arguments are accessors' \
                'min-ttl=any|For monitors'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'renew'
            printf '%s\n' \
                token \
                any \
                'help|Say what the command does' \
                'accessor|The argument is an accessor' \
                'increment=any|How long the token should live from now on' \
                'i=any|How long the token should live from now on' \
                'watch|Renew again and again, at half of the token\'s time to live, until nothing…' \
                'on-end=any|With -watch'
            __vtoken_shared output
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'revoke'
            printf '%s\n' \
                token \
                token \
                'help|Say what the command does' \
                'accessor|The arguments are accessors' \
                'self|Revoke the token that you ask with' \
                'mode=choice:orphan,path|orphan'
            __vtoken_shared output_3
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'capabilities'
            printf '%s\n' \
                path \
                path \
                'help|Say what the command does' \
                'self|Of the token that you ask with' \
                'accessor|The first argument is an accessor'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'run'
            printf '%s\n' \
                command \
                any \
                'help|Say what the command does' \
                'sink=file|Write the token to this file, too (0600), which is removed at the end' \
                'kill-after=any|Kill the command when it has not ended so long after a SIGTERM was passed…' \
                'id=token|Use this as the token instead of a random one' \
                'display-name=any|A name to know the token by' \
                'ttl=any|How long the token lives unless it is renewed' \
                'explicit-max-ttl=any|The token never lives longer than this, whatever its renewals' \
                'period=any|Every renewal gives so long again, for ever' \
                'renewable|Whether the token can be renewed' \
                'orphan|Make a token without a parent, which outlives yours' \
                'no-default-policy|Leave out the policy "default"' \
                'use-limit=any|The token works so many times' \
                'role=role|Make the token by this role, which may overrule the other flags' \
                'type=choice:service,batch|service (the default) or batch' \
                'metadata=any|Attach a pair to the token' \
                'policy=policy|A policy of the token' \
                'require-policies|Make no token when one of its policies does not exist' \
                'entity-alias=any|Tie the token to this entity alias'
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'inspect'
            printf '%s\n' \
                token \
                token \
                'help|Say what the command does' \
                'explain|Show every byte of the token and what it means, and what tokens of its type…' \
                'lookup|Ask the server, or the store, for what is true now' \
                'verify|Check the HMAC, or open the batch token, with the store\'s keys or with…' \
                'verify-key=file|Verify with the key in this file' \
                'reveal|Show tokens, ids and secret bytes whole instead of masked'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'scan'
            printf '%s\n' \
                file \
                file \
                'help|Say what the command does' \
                'format=choice:text,json,ndjson,sarif,token|text, json, ndjson, sarif, or token' \
                'min-confidence=choice:weak,likely,proved|weak, likely or proved' \
                'baseline=file|A report of vtoken scan, in json, ndjson or sarif' \
                'reveal|Show tokens whole instead of masked' \
                'binary|Read binary files too' \
                'no-ignore|Read also what .gitignore leaves out, and .git itself' \
                'diff|Standard input is a diff (-diff), or plain text (-diff=false), however it…' \
                'threads=any|How many threads read files, at most 64' \
                'q|No summary on standard error' \
                'output-file=file|Write what would be printed into this file, which only you can read'
        case 'roles list'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_4
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'roles read'
            printf '%s\n' \
                role \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'roles write'
            printf '%s\n' \
                role \
                any \
                'help|Say what the command does' \
                'force|Write a role of defaults only, without any data' \
                'f|Write a role of defaults only, without any data'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'roles delete'
            printf '%s\n' \
                role \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'accessors list'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does' \
                'sort=choice:accessor,ttl,created,expires,display-name,path,policies,type,role|Look each up, and order by accessor, ttl, created, expires, display-name…' \
                'group-by=choice:policy,role,path,display-name,type|Count tokens by policy, role, path, display-name or type, largest first' \
                'concurrency=any|So many requests at once, 1 to 1024, instead of as many as the server takes…' \
                'list-timeout=any|How long the list of accessors may take'
            __vtoken_shared which_tokens
            __vtoken_shared output_4
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'accessors lookup'
            printf '%s\n' \
                accessor \
                accessor \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'accessors revoke'
            printf '%s\n' \
                accessor \
                accessor \
                'help|Say what the command does' \
                'concurrency=any|So many requests at once, 1 to 1024, instead of as many as the server takes…' \
                'list-timeout=any|How long the list of accessors may take' \
                'yes|Do not ask' \
                'dry-run|Show what would be revoked, and revoke nothing' \
                'include-self|Revoke the token in use and its ancestors too, last of all' \
                'include-root|Revoke root tokens too, after all others' \
                'max=any|Revoke nothing when more than so many tokens are found' \
                'rounds=any|How often to revoke and list again before giving up on new ones' \
                'verify|Look each revoked token up once more' \
                'journal=file|Note in this file what is to be revoked and what was' \
                'resume|Go on with the sweep that the journal tells of'
            __vtoken_shared which_tokens
            __vtoken_shared output_3
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'list'
            printf '%s\n' \
                path \
                any \
                'help|Say what the command does'
            __vtoken_shared output_4
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'read'
            printf '%s\n' \
                path \
                any \
                'help|Say what the command does' \
                'format=choice:table,json,yaml,ndjson,raw|table, json, yaml, ndjson' \
                'field=any|Print only this field\'s value, or what is at a path such as auth.policies[0]' \
                'output-file=file|Write what would be printed into this file, which only you can read'
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'write'
            printf '%s\n' \
                path \
                any \
                'help|Say what the command does' \
                'force|Write without any data' \
                'f|Write without any data'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'delete'
            printf '%s\n' \
                path \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'unwrap'
            printf '%s\n' \
                token \
                any \
                'help|Say what the command does'
            __vtoken_shared output
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'policy list'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_3
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'policy read'
            printf '%s\n' \
                policy \
                any \
                'help|Say what the command does'
            __vtoken_shared output_3
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'policy write'
            printf '%s\n' \
                policy \
                file \
                'help|Say what the command does'
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'policy delete'
            printf '%s\n' \
                policy \
                any \
                'help|Say what the command does'
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'policy fmt'
            printf '%s\n' \
                file \
                any \
                'help|Say what the command does'
        case 'print token'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_3
            __vtoken_shared requests
            __vtoken_shared servers
            __vtoken_shared server_or_store
            __vtoken_shared general
            __vtoken_shared clusters
        case 'store init'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does' \
                'print-root-token|Print the root token and keep it nowhere' \
                'passphrase|Ask for a passphrase that locks the store, instead of a key file' \
                'audit=file|Note the store\'s requests in this file (see store audit enable)'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store status'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store verify'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store rotate'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store rekey'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does' \
                'new-key-file=file|The key file to lock it with, made when it is missing' \
                'new-passphrase-file=file|Holds the passphrase to lock it with' \
                'new-passphrase|Ask for the passphrase to lock it with'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store backup'
            printf '%s\n' \
                file \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store restore'
            printf '%s\n' \
                file \
                any \
                'help|Say what the command does' \
                'from-key-file=file|The key file that opens the backup, when the store\'s does not' \
                'from-passphrase-file=file|Holds the passphrase that opens the backup, when the store\'s does not' \
                'force|Restore over another store too, and over one that does not open, which is…'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store tidy'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store audit enable'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does' \
                'file=file|The file to add the lines to, made when it is missing'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store audit disable'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store audit status'
            printf '%s\n' \
                any \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
        case 'store audit hash'
            printf '%s\n' \
                accessor \
                any \
                'help|Say what the command does'
            __vtoken_shared output_2
            __vtoken_shared server_or_store
            __vtoken_shared general_2
    end
end
# The end of the table.

# Candidates for a value: KIND, what stands before the value in its word, the value so far.
function __vtoken_value
    set -l kind $argv[1]
    set -l before $argv[2]
    set -l value $argv[3]
    switch $kind
        case 'choice:*'
            set -l parts (string match -r '^(.*,)?' -- $value)
            printf '%s\n' $before$parts[1](string split , (string replace choice: '' $kind))
            return
        case path any
            if string match -q '*=@*' -- $value
                set before $before(string replace -r '=@.*' '=@' -- $value)
                set value (string replace -r '^[^@]*=@' '' -- $value)
                set kind file
            else if string match -q '@*' -- $value
                set before $before@
                set value (string sub -s 2 -- $value)
                set kind file
            end
        case token accessor
            if string match -q '@*' -- $value
                set before $before@
                set value (string sub -s 2 -- $value)
                set kind file
            end
    end
    switch $kind
        case file folder
            set -l home ''
            if string match -q '~/*' -- $value
                set home $HOME/
                set value (string sub -s 3 -- $value)
            end
            for path in $home$value*
                test -d $path; and set path $path/; or test $kind = file; or continue
                test -n "$home"; and set path '~/'(string sub -s (math (string length -- $home) + 1) -- $path)
                echo -- $before$path
            end
        case role policy accessor path
            set -l program (commandline -op)[1]
            command -q -- $program; or set program vtoken
            for line in (command $program __complete $kind "$value" -- (commandline -op)[2..] </dev/null 2>/dev/null)
                echo -- $before$line
            end
    end
end

function __vtoken_complete
    set -l before (commandline -opc)[2..]
    set -l cur (commandline -ct | string replace -ra '[\\\\"\']' '')
    set -l names (__vtoken_names)
    set -l table (__vtoken_command '')
    set -l command
    set -l pending
    set -l dashes 0
    set -l whole 0
    set -l count 0
    set -l accessor 0
    for word in $before
        if set -q pending[1]
            set -e pending
        else if test $dashes = 0; and test "$word" = --
            set dashes 1
        else if test $dashes = 0; and string match -qr '^-.' -- $word
            set -l kind (__vtoken_kind $word $table[3..])
            if not string match -q '*=*' -- $word; and test -n "$kind"; and test $kind != switch
                set pending $kind
            end
            contains -- $word -accessor --accessor; and set accessor 1
        else if test $whole = 1
            set count (math $count + 1)
        else if set -q command[1]; or not contains -- $word token help
            set -a command $word
            if string match -q -- "$command|*" $names
                set whole 1
                set table (__vtoken_command "$command")
            else if not string match -q -- "$command *" $names
                return
            end
        end
        test $table[1] = command; and test $count -gt 0; and set dashes 1
    end
    if set -q pending[1]
        __vtoken_value $pending '' $cur
    else if test $table[1] = command; and test $dashes = 1 -o "$(string sub -l 1 -- $cur)" != -
        __vtoken_other $count
    else if test $dashes = 0; and string match -qr '^-.*=' -- $cur
        set -l kind (__vtoken_kind $cur $table[3..])
        test "$kind" = switch; and set kind choice:true,false
        set -l parts (string split -m1 = -- $cur)
        __vtoken_value "$kind" $parts[1]= $parts[2]
    else if test $dashes = 0; and string match -q -- '-*' $cur
        set -l lead -
        string match -q -- '--*' $cur; and set lead --
        string replace -r -- '^([^|=]+)(=?)[^|]*\|' "$lead\$1\$2"\t $table[3..]
    else if test $whole = 0
        __vtoken_names_at "$command" $names
    else
        set -l kind $table[1]
        test $count -gt 0; and set kind $table[2]
        if test $accessor = 1; and test $kind = token -o $count = 0
            set kind accessor
        end
        __vtoken_value $kind '' $cur
    end
end

# What a flag's value is: "switch" for none, nothing for a flag that there is not.
function __vtoken_kind
    set -l name (string replace -r '^--?([^=]*).*' '$1' -- $argv[1])
    for entry in $argv[2..]
        set -l parts (string split -m1 '|' -- $entry)
        set -l flag (string split -m1 = -- $parts[1])
        if test $flag[1] = "$name"
            set -q flag[2]; and echo $flag[2]; or echo switch
            return
        end
    end
end

# The next words of the commands that begin with the words so far.
function __vtoken_names_at
    set -l lead
    test -n "$argv[1]"; and set lead "$argv[1] "
    set -l seen
    for entry in $argv[2..]
        set -l parts (string split -m1 '|' -- $entry)
        string match -q -- "$lead*" $parts[1]; or continue
        set -l rest (string split ' ' -- (string sub -s (math (string length -- "$lead") + 1) -- $parts[1]))
        contains -- $rest[1] $seen; and continue
        set -a seen $rest[1]
        if set -q rest[2]
            echo $rest[1]
        else
            printf '%s\t%s\n' $rest[1] $parts[2]
        end
    end
end

# What follows `run` is another program's command line.
function __vtoken_other
    set -l tokens (commandline -opc)
    set -l from (math (count $tokens) - $argv[1] + 1)
    complete -C (string join ' ' -- (string escape -- $tokens[$from..]) (commandline -ct))
end

complete -c vtoken -f -a '(__vtoken_complete)'
