"""Reviews from a grammar: is the verdict good or bad?"""

from rnnviz.tasks.sentiment.task import Sentiment as Sentiment
