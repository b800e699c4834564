package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.io.IOException;
import java.net.Socket;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A physical replication connection to one server. The driver connects, encrypts and authenticates; from then on this
 * class speaks on the driver's socket, and the driver is silent until it is closed.
 *
 * <p>For one thread at a time, except {@link #close()}, which any thread may call to break a call that blocks; that call
 * then fails with kind {@code INTERRUPTED}. All failures are {@link ContinuityException}s; what the server refuses is a
 * {@link ServerError}, after which the next command may be sent. After any other failure only {@code close} is left.
 */
public final class ReplicationConnection implements AutoCloseable {
    private static final int NOTICES = 100;

    private final Connection driver;
    private final Socket plain;
    private final Duration socketTimeout;
    private final WireReader in;
    private final WireWriter out;
    private final Trouble trouble;
    private final Deque<String> notices = new ArrayDeque<>();
    private volatile boolean idle = true;
    private volatile boolean closed;

    ReplicationConnection(Connection driver, Socket plain, Socket spoken, Duration socketTimeout) {
        this.driver = driver;
        this.plain = plain;
        this.socketTimeout = socketTimeout;
        this.trouble = new Trouble(socketTimeout);
        try {
            this.in = new WireReader(spoken);
            this.out = new WireWriter(spoken);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * Connects.
     *
     * @param jdbcUrl as for the driver; TLS by {@code sslmode} and its companions works, an {@code sslfactory} or
     *     {@code socketFactory} of one's own is refused
     * @param properties {@code user}, {@code password}, {@code ApplicationName} and others of the driver
     * @param socketTimeout the longest silence in the middle of an answer, and for connecting (up to 10 minutes, at
     *     least a second)
     * @throws ContinuityException of kind {@code DENIED} without the right to replicate; {@code UNREACHABLE};
     *     {@code MISCONFIGURED}
     */
    public static ReplicationConnection open(String jdbcUrl, Properties properties, Duration socketTimeout) {
        try {
            return Opening.open(jdbcUrl, properties, socketTimeout);
        } catch (NoClassDefFoundError e) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the PostgreSQL driver is not on the class path",
                    "add org.postgresql:postgresql",
                    e);
        }
    }

    /** Who the server is. */
    public Identity identify() {
        Map<String, String> row = one("IDENTIFY_SYSTEM");
        return new Identity(
                column(row, "systemid"), Integer.parseInt(column(row, "timeline")), Lsn.parse(column(row, "xlogpos")));
    }

    /** The value of a setting. */
    public String show(String setting) {
        if (!setting.matches("[a-z0-9_.]+")) {
            throw new IllegalArgumentException("no name of a setting");
        }
        return one("SHOW " + setting).values().iterator().next();
    }

    /** The server's history file of a timeline, byte for byte; a {@link ServerError} when it has none. */
    public byte[] timelineHistory(int timeline) {
        send("TIMELINE_HISTORY " + timeline);
        List<Rows> results = Rows.untilReady(this);
        if (results.size() != 1 || results.get(0).all().size() != 1) {
            throw unexpected("not one row for a timeline's history");
        }
        byte[] content = results.get(0).all().get(0).get("content");
        if (content == null) {
            throw unexpected("a timeline's history without content");
        }
        return content;
    }

    /**
     * What the server's clock shows, to the microsecond. Begins a stream of the log at its end for that, and ends it; what
     * it says to the server confirms nothing.
     */
    public Instant serverClock() {
        return ServerClock.read(this);
    }

    /** Ends a stream in both directions: says that nothing more is sent, and reads away what is still on its way. */
    public void endCopy() {
        copyDone();
        while (read().type() != WireMessage.COPY_DONE) {
            // The server had sent this before it heard.
        }
        rest();
    }

    /** Runs a command that only answers with rows: all of them, as text, without the columns that are NULL. */
    public List<Map<String, String>> ask(String command) {
        send(command);
        return rest();
    }

    /** Sends a command. Its answer must be read to {@link WireMessage#READY} before the next one. */
    public void send(String command) {
        trouble.during(command);
        idle = false;
        try {
            out.query(command);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * The next message of the answer. Notices and changed parameters are kept aside; an error of the server is thrown
     * after the rest of the answer was read away.
     *
     * @throws ContinuityException of kind {@code TIMED_OUT} after a silence of {@code socketTimeout}
     */
    public WireMessage read() {
        try {
            while (true) {
                WireMessage message = in.next(socketTimeout);
                switch (message.type()) {
                    case 'E' -> throw refusal(Fields.said(message.body()));
                    case 'N' -> note(Fields.said(message.body()));
                    case 'S', 'A', 'K' -> {}
                    case WireMessage.READY -> {
                        idle = true;
                        return message;
                    }
                    default -> {
                        return message;
                    }
                }
            }
        } catch (IOException e) {
            throw broken(e);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw unexpected("a message that ends too early");
        }
    }

    /** Waits at most this long for a message to begin, and leaves it to be read. */
    public boolean await(Duration atMost) {
        try {
            return in.await(atMost);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /**
     * As {@link #read()}, but waits at most this long for the message to begin; empty when none did. With a wait of zero it
     * hands over what has arrived and asks the network for nothing.
     */
    public Optional<WireMessage> poll(Duration atMost) {
        try {
            return in.await(atMost) ? Optional.of(read()) : Optional.empty();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Reads one result, from its columns to the end of its command: rows as in {@link #ask}. */
    public List<Map<String, String>> result() {
        return Rows.read(this, expect(WireMessage.ROW_DESCRIPTION)).texts();
    }

    /** Reads all that is left of the answer, up to {@link WireMessage#READY}: rows as in {@link #ask}. */
    public List<Map<String, String>> rest() {
        List<Map<String, String>> rows = new ArrayList<>();
        Rows.untilReady(this).forEach(result -> rows.addAll(result.texts()));
        return rows;
    }

    /** The next message, which must be of that type. */
    public WireMessage expect(char type) {
        WireMessage message = read();
        if (message.type() != type) {
            throw unexpected("a message '%s' instead of '%s'".formatted(message.type(), type));
        }
        return message;
    }

    /** Sends a piece of a copy and flushes it. */
    public void copyData(byte[] piece) {
        copyData(ByteBuffer.wrap(piece));
    }

    /** Sends what remains in the buffer as a piece of a copy and flushes it. */
    public void copyData(ByteBuffer piece) {
        try {
            out.copyData(piece);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Says that no more pieces will be sent. */
    public void copyDone() {
        try {
            out.copyDone();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** What the server remarked, the newest last; the last 100 are kept. */
    public List<String> notices() {
        return List.copyOf(notices);
    }

    /** Ends the connection, and breaks a call that another thread is in. Idempotent. Never throws. */
    @Override
    public void close() {
        boolean polite = idle && !closed;
        closed = true;
        if (!polite) {
            try {
                plain.close();
            } catch (IOException alreadyGone) {
                // Nothing is sent or read any more.
            }
        }
        try {
            driver.close();
        } catch (SQLException alreadyGone) {
            // The server notices by itself.
        }
    }

    private Map<String, String> one(String command) {
        List<Map<String, String>> rows = ask(command);
        if (rows.size() != 1 || rows.get(0).isEmpty()) {
            throw unexpected("%d rows instead of one".formatted(rows.size()));
        }
        return rows.get(0);
    }

    private String column(Map<String, String> row, String name) {
        String value = row.get(name);
        if (value == null) {
            throw unexpected("no column " + name);
        }
        return value;
    }

    private void note(Map<Character, String> said) {
        if (notices.size() == NOTICES) {
            notices.removeFirst();
        }
        notices.addLast("%s: %s".formatted(said.getOrDefault('S', "NOTICE"), said.getOrDefault('M', "")));
    }

    private ServerError refusal(Map<Character, String> said) {
        ServerError error = trouble.refusal(said);
        if (!said.getOrDefault('V', said.getOrDefault('S', "")).equals("ERROR")) {
            return error;
        }
        try {
            while (true) {
                if (in.next(socketTimeout).type() == WireMessage.READY) {
                    idle = true;
                    return error;
                }
            }
        } catch (IOException | ContinuityException theServerEndedIt) {
            return error;
        }
    }

    private ContinuityException broken(IOException cause) {
        return trouble.broken(cause, closed);
    }

    ContinuityException unexpected(String what) {
        return trouble.unexpected(what);
    }
}
