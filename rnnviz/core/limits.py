"""Every limit of the project, in one place: the page, the link, a file and the API refuse alike.

The sizes fit the smallest box the app is meant for: 690 MB of memory and a fraction of a core.
"""

# One experiment
LONGEST_SEQUENCE = 400  # time steps
LONGEST_TYPED = 1_000_000  # characters of a sequence that somebody types; it is counted rightly up to here
LARGEST_SEED = 2**31 - 1  # of random numbers
WIDEST_LAYER = 256  # hidden units
MOST_LAYERS = 4
LONGEST_WINDOW = 64  # time steps whose inputs a feed-forward window reads at once
LONGEST_REACH = 3  # steps from a place to its neighbours
MOST_MODELS = 6
MOST_STEPS = 20_000  # training steps
FEWEST_SEQUENCES, MOST_SEQUENCES = 16, 100_000  # different ones to train on
LARGEST_BATCH = 256  # sequences
MOST_WORK = 2_000_000_000  # multiplications in one forward pass of one model over one batch

# Text
LONGEST_TEXT = 2_000_000  # characters
LONGEST_TEXT_IN_LINK = 500  # characters; longer text is named by its hash
LARGEST_VOCABULARY = 128  # different characters; rarer ones share one symbol
LARGEST_UPLOAD = 8_000_000  # bytes that are read of a text
LARGEST_CUT = 32_000_000  # bytes of a file that may be uploaded for it: of a larger one its beginning is to be uploaded
MOST_SUGGESTED = 1_000  # different words of running text that are told apart. Every frame keeps weights for each
LONGEST_PREFIX = 100  # characters that models on a page read before they write
MOST_DRAWS = 1_000_000  # texts of one moment, each from a seed of its own
MOST_CANDIDATES = 10_000  # symbols among which one is drawn
LONGEST_QUERY = 8_000  # characters
LONGEST_JSON = 25_000_000  # characters; the longest text takes up to twelve for each of its own

# Pairs of one's own
LONGEST_PAIR_SIDE = 60  # characters or words of an input or an output
LONGEST_PAIR_WORD = 60  # characters of a word, where words are read and written
LARGEST_WORDS = 512  # different words of a column; rarer ones share one symbol. Every frame keeps weights for each
MOST_PAIRS = 50_000  # rows; those beyond are not used
MOST_PAIR_ROWS = 200_000  # of a table that are read: to clean more takes too long

# Tables that visitors bring
LARGEST_TABLE = 80_000_000  # bytes of a CSV file; 50,000 film reviews have 66 MB
MOST_TABLE_ROWS = 200_000  # rows that are read; those beyond are not
MOST_LABELS = 20
LONGEST_LABEL = 40  # characters; of a longer one only the beginning is shown
LONGEST_REVIEW = 20_000  # characters; of a longer one only the beginning is read
MOST_REVIEW_WORDS = 5_000  # different words that are told apart. Every frame keeps weights for each
MOST_TABLES_OPEN = 3  # in one process; the largest takes 60 MB, most of it pages of its file

# A melody that somebody brings
LARGEST_MIDI = 1_000_000  # bytes of a MIDI file; the slowest of that size takes ten seconds to read
MOST_MELODY_NOTES = 20_000  # notes that are read; those beyond are not
MOST_DIFFERENT_NOTES = 200  # pitches with lengths. Every frame keeps weights for each

# One run
MOST_FRAMES = 120  # moments of training that are kept
STEPS_PER_FRAME = 12  # on average: a frame costs as much time as 1.3 training steps
ANYHOW_FRAMES = 48  # that many are kept of a training, however short it is
FEWEST_FRAMES = 8  # an experiment whose frames are so large that fewer fit is refused
LARGEST_RUN = 48_000_000  # bytes of frames; the schedule is thinned to fit
LARGEST_RUN_FILE = 100_000_000  # bytes: the frames, and the experiment with its text
MOST_BRANCHES = 16  # trainings that start at a step of another one, which may be such a branch itself

# A checkpoint that somebody brings
LARGEST_CHECKPOINT = 16_000_000  # bytes; about ten times as many are in use for a moment while it is looked at
LARGEST_OPENED = 400_000_000  # bytes of one that is opened in Python, where no box is shared; AWD-LSTM has 180
MOST_TENSORS = 4_000
LONGEST_TENSOR_NAME = 200  # characters, those of the dictionaries around it included
MOST_STACKS = 64  # recurrent layers, or stacks of them, and as many embeddings
WIDEST_CHECKPOINT = 1_536  # hidden units; AWD-LSTM has 1,150
DEEPEST_CHECKPOINT = 8  # layers on top of each other
MOST_TRACED = 2_000_000  # values of one variable: layers × directions × time steps × units
MOST_CHAINED = 8_000_000_000  # multiplications in the chain of the Jacobians of one layer, about half a second
MOST_CSV_ROWS = 300_000  # of a trace as a table; as netCDF it may be larger
MOST_NUMBERS = 2_000_000  # of an input as a .npy file
MOST_WRITTEN_NUMBERS = 200_000  # of an input as text, which takes far longer to read
BROUGHT_ANSWER_BYTES = 16_000_000  # what was asked about one model: a trace of the widest layer takes 15 MB
MOST_BROUGHT_ANSWERS = 32  # what a visitor may come back to without a new question
LARGEST_TOKEN_FILE = 3_000_000  # bytes
LARGEST_TOKEN_LIST = 100_000  # tokens of a vocabulary that comes with a checkpoint

# One look at a model in the gradient laboratory, about a second each
MOST_ANALYSED = 6_000_000_000  # (width + 64)³ of all matrices whose singular values are found
MOST_SWEPT = 8_000_000_000  # multiplications on the way back of the losses of all steps

# The score without each unit, about a second at most
MOST_SILENCED = 6_000_000_000  # multiplications in all passes; fewer sequences and then fewer units keep to it

# The server
MOST_JOBS = 12  # jobs that train side by side
MOST_SOCKETS = 1_000  # browsers that watch runs at once
MOST_UPLOADS_OPEN = 6  # files that one visit has uploaded and no page has read yet
UPLOAD_BYTES_OPEN = 180_000_000  # of all visits together: two of the largest tables at a time
SECONDS_UNREAD = 60.0  # after which a file that no page has read is forgotten

# Memory, in bytes
SMALLEST_BOX = 690_000_000
PROCESS_BYTES = 370_000_000  # of server and worker while it trains; resident are 175 and 275, some of it twice or idle
SESSION_BYTES = 30_000_000  # of visitors' sessions
BYTES_KEPT_IN_ALL = SMALLEST_BOX - PROCESS_BYTES - SESSION_BYTES  # all that is kept to be handed out again, which is:
BYTES_KEPT = 85_000_000  # frames of runs: ten of the defaults, two of the largest; one that is watched stays anyway
ATTIC_BYTES = 500_000_000  # on disk: finished runs that there is no room for, or that nobody watches
SHIPPED_BYTES_KEPT = 26_000_000  # frames of the runs that come with the app: all of them
MESSAGE_BYTES_KEPT = 12_000_000  # messages to browsers, each made once for all who watch the same
CHECKPOINT_BYTES_KEPT = 64_000_000  # models that visitors brought, with their inputs and answers: one of the largest
ATTENTION_ANSWER_BYTES_KEPT = 4_000_000  # what models write: 6 to 140 kB each
ATTENTION_DRAWING_BYTES_KEPT = 4_000_000  # charts of that: 10 to 50 kB each
GRADIENT_ANSWER_BYTES_KEPT = 11_000_000  # the laboratory's: 15 to 30 kB by default, six of the largest take ten MB
GRADIENT_DRAWING_BYTES_KEPT = 5_000_000  # charts of that: 5 to 50 kB each
GATES_ANSWER_BYTES_KEPT = 6_000_000  # a cell with a gate held, and without: 80 kB by default, 5 MB at most
WRITTEN_BYTES_KEPT = 2_000_000  # what models write at a moment, with their states: 60 kB each by default
UNROLLED_ANSWER_BYTES_KEPT = 1_000_000  # shares of a gradient, texts written: 5 to 20 kB each
LONGEST_READ_THROUGH = 4_000  # characters of a text that a model reads in one go to colour it by a unit
READ_THROUGH_BYTES_KEPT = 5_000_000  # states on such texts: 0.3 MB of a layer of 32 units, 4 MB of an LSTM of 256
MODEL_ANSWER_BYTES_KEPT = 2_000_000  # by class, word by word, read from states: 2 to 20 kB each
ANATOMY_BYTES_KEPT = 10_500_000  # cells taken apart: 60 kB by default, 9.5 MB for the widest layer's longest sequence
TEXT_BYTES_KEPT = 9_000_000  # texts that no link can carry: one of the longest, four if it is in Latin letters
NAMED_BYTES_KEPT = 9_000_000  # experiments that pages have named, with the texts in them
ARRIVAL_BYTES_KEPT = 1_000_000  # when moments came
HELD_OUT_BYTES_KEPT = 6_500_000  # held-out sequences and probes of tasks: 2 MB for a text, 5 MB at most
KNOWN_BYTES_KEPT = 1_000_000  # what can be known at best of what a task asks: 5 kB each
FORESEEN_BYTES_KEPT = 1_000_000  # films that are looked at, and how well they can be foreseen: 20 kB each
SCENE_BYTES_KEPT = 6_000_000  # what a browser is told once about an experiment: 15 to 430 kB each
SEQUENCE_BYTES_KEPT = 2_000_000  # of that, what all pages share: 4 to 210 kB each
STRUCTURE_BYTES_KEPT = 9_000_000  # charts without their data: 22 to 150 kB each
WORKER_STATE_BYTES_KEPT = 8_000_000  # in a worker, trainer states to start branches from without a replay
# Files of contents that visitors brought, on disk
CONTENT_DISK_BYTES = 1_000_000_000  # the least recently used make room
LARGEST_CONTENT = 45_000_000  # bytes of one, so that a run file can carry it beside its frames
CONTENT_DAYS_KEPT = 2.0  # days without use, after which one is forgotten

# Not counted: what `functools.lru_cache` keeps of small results, and of a visitor's own text (`corpora.prepare`,
# `pairs.prepare`, `csv_table.learned`), which the tasks of that visitor's session hold anyway.

# A network calculated by hand: all of it stands on one page
LONGEST_HAND_WORD = 7  # letters; one less is read
MOST_HAND_LETTERS = 6  # different letters
MOST_HAND_UNITS = 4
LARGEST_HAND_NUMBER = 1_000.0
MOST_HAND_STEPS = 12  # time steps of a gated cell

# A recording of somebody's own training
LARGEST_RECORDING = 200_000_000  # bytes of traces; beyond that every second one is let go of

# A network that remembers patterns
MOST_HOPFIELD_UNITS = 1_000
MOST_HOPFIELD_DRAWS = 1_000
MOST_HOPFIELD_PATTERNS = 12  # on the page: so many stand in one row
